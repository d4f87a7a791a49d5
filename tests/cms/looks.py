"""What the form of a site's looks sends."""


def sent(*lines, **fields):
    """`lines`: the numbers for a crisis, each a dictionary of its fields; with "id" for one that is there already, with
    "DELETE" to take it away."""
    known = sum("id" in line for line in lines)
    form = {"colour": "#17564e", "notice_level": "ordinary", "notice_text": "", **fields}
    form |= {"quick_links-TOTAL_FORMS": 0, "quick_links-INITIAL_FORMS": 0}
    form |= {"crisis_lines-TOTAL_FORMS": len(lines), "crisis_lines-INITIAL_FORMS": known}
    for place, line in enumerate(lines):
        row = {"id": "", "ORDER": place + 1, "text_en": "", "text_uk": "", **line}
        form |= {f"crisis_lines-{place}-{name}": value for name, value in row.items()}
    return form
