"""What must agree with something else in the tree: templates with their users, lists with their sources, docs with
settings."""

import ast
import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.template.loader import get_template
from django.utils.functional import Promise
from packaging.requirements import Requirement

from config import catalogues

ROOT = settings.BASE_DIR
APPS = ("accounts", "cms", "config", "neighbourhoods", "notifications", "volunteering")
TEMPLATES = sorted(path for app in APPS for path in (ROOT / app).glob("templates/**/*") if path.is_file())
# Django and Wagtail look for these by themselves.
LOOKED_FOR = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}
# Tables and columns of the machinery: no form, no refusal and no page ever names them.
NEVER_NAMED = {
    "cms.InitiativeLogEntry",
    "cms.SearchEntry",
    "cms.SearchTerm",
    "notifications.Inbox",
    "notifications.Notification",
    "notifications.Delivery.notification",
    "notifications.Preference.user",
    "notifications.Habits.user",
    "notifications.PushSubscription.user",
    "volunteering.ListingChange",
    "volunteering.ListingCount",
    "volunteering.ListingWord",
    "volunteering.Reach",
    "volunteering.HelpRequest.intake_key",
    "volunteering.HelpRequest.is_listed",
    "volunteering.HelpRequest.search_text",
    "volunteering.Initiative.search_text",
    "volunteering.Lifecycle.initiative",
}
LISTS = ("requirements", "requirements-prod", "requirements-dev", "requirements-uv")
HIDDEN_BUT_OURS = {".ci", ".dockerignore", ".env.example", ".gitignore"}


def template_name(path):
    parts = path.relative_to(ROOT).parts
    return "/".join(parts[parts.index("templates") + 1 :])


def ours(path):
    parts = path.relative_to(ROOT).parts
    made = {"var", "__pycache__", "node_modules"} | {part for part in parts if part.startswith(".")} - HIDDEN_BUT_OURS
    return not made & set(parts)


@cache
def tree():
    """Every text file of the project: path → text."""
    files = {}
    for path in sorted(ROOT.rglob("*")):
        if path.is_file() and ours(path):
            try:
                files[path] = path.read_text()
            except UnicodeDecodeError:
                continue
    return files


@cache
def sources():
    """Python and templates of the site itself."""
    return {
        path: text
        for path, text in tree().items()
        if path.relative_to(ROOT).parts[0] in APPS and path.suffix in {".py", ".html", ".txt", ".svg"}
    }


# --- Templates and static files ---------------------------------------------------------------------------------------


def test_templates_compile():
    for path in TEMPLATES:
        get_template(template_name(path))


def named(text):
    """Patterns of the template names in a Python file or a template; what is filled in late matches anything."""
    for literal in re.findall(r"[\"']([^\"'\n]*\.(?:html|txt|svg|xml))(?:#\w+)?[\"']", text):
        yield re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(literal))


def replaces_a_packages_template(name):
    """Whether some installed app would have shown its own template of this name."""
    own = {ROOT / app / "templates" for app in APPS}
    return any((Path(folder) / name).exists() for folder in {*map(Path, engines["django"].template_dirs)} - own)


def shown_by_wagtail(name):
    """Pages have a template by name without saying so."""
    return any(name == getattr(model, "template", None) for model in apps.get_models())


def part_of_a_mail(name):
    """allauth's and our mails are named once, and come in parts: `…_subject.txt`, `…_message.txt`."""
    stem = re.sub(r"_(subject|message)\.(txt|html)$", "", name)
    return stem != name and any(f'"{stem}"' in text for text in sources().values())


def test_every_template_is_used():
    patterns = {
        pattern for path, text in sources().items() for pattern in named(text) if template_name_or(path) != pattern
    }
    unused = [
        name
        for name in map(template_name, TEMPLATES)
        if name not in LOOKED_FOR
        and not any(re.fullmatch(pattern, name) for pattern in patterns)
        and not replaces_a_packages_template(name)
        and not shown_by_wagtail(name)
        and not part_of_a_mail(name)
    ]

    assert unused == []


def template_name_or(path):
    return template_name(path) if "templates" in path.parts else ""


def test_every_script_and_style_is_used():
    texts = [text for path, text in tree().items() if path.suffix in {".html", ".py", ".css", ".js"}]
    files = [path for path in ROOT.glob("config/static/**/*") if path.suffix in {".css", ".js"}]

    unused = [path.name for path in files if not any(path.name in text for text in texts)]

    assert unused == []


def test_sentences_of_templates_are_trimmed():
    """Without `trimmed` the indentation of the template becomes part of the sentence that is translated."""
    loose = [
        f"{path.relative_to(ROOT)}: {tag}"
        for path, text in sources().items()
        for tag in re.findall(r"{%\s*blocktrans\w*[^%]*%}", text)
        if path.suffix == ".html" and "trimmed" not in tag
    ]

    assert loose == []


def test_components_see_only_what_they_are_given():
    open_ones = [
        f"{path.relative_to(ROOT)}: {tag}"
        for path, text in sources().items()
        for tag in re.findall(r"{%\s*include\s+[\"']components/[^%]*%}", text)
        if path.parent.name != "components" and not re.search(r"\bonly\s*%}", tag)
    ]

    assert open_ones == []


# --- Models -----------------------------------------------------------------------------------------------------------


def our_models():
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def test_every_model_has_a_name_for_people():
    nameless = [
        model._meta.label
        for model in our_models()
        if not (isinstance(model._meta.verbose_name, Promise) and isinstance(model._meta.verbose_name_plural, Promise))
    ]

    assert nameless == []


def inherited(model, field):
    """Whether the field comes from a base class of a package, which names it in its own way."""
    bases = [base for base in model.__mro__[1:] if hasattr(base, "_meta") and base.__module__.split(".")[0] not in APPS]
    return any(field.name in {known.name for known in base._meta.local_fields} for base in bases)


def test_every_field_has_a_name_for_people():
    """They stand in forms, in refusals of constraints and in the CMS; a field without one speaks English there."""
    nameless = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.local_fields
        if not field.auto_created and not getattr(field.remote_field, "parent_link", False)
        if field.editable and not inherited(model, field)
        if not {model._meta.label, f"{model._meta.label}.{field.name}"} & NEVER_NAMED
        if not isinstance(field.verbose_name, Promise)
    ]

    assert nameless == []


# --- Catalogues -------------------------------------------------------------------------------------------------------


def read(language):
    path = catalogues.catalogue(language)
    assert path.exists(), "run `python3 dev.py messages`"
    return polib.pofile(str(path))


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_catalogue_is_complete(language):
    """Red while sentences wait for their translator; `python3 dev.py check` says whether any are missing altogether."""
    catalogue = read(language)

    waiting = [entry.msgid for entry in catalogue if not entry.obsolete and (entry.fuzzy or not entry.translated())]

    assert waiting == [], f"{len(waiting)} sentences wait for a translator"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_translations_fill_in_the_same_values(language):
    value = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*}")
    catalogue = read(language)

    wrong = [
        entry.msgid
        for entry in catalogue
        if entry.translated() and not entry.obsolete
        for words in [entry.msgstr, *entry.msgstr_plural.values()]
        if words and not set(value.findall(words)) <= set(value.findall(entry.msgid + (entry.msgid_plural or "")))
    ]

    assert wrong == []


# --- Lists of packages ------------------------------------------------------------------------------------------------


def asked(name):
    """Requirements that a .in file names, with those of the files it includes."""
    for line in Path(ROOT, f"{name}.in").read_text().splitlines():
        if line.startswith("-r "):
            yield from asked(line.removeprefix("-r ").removesuffix(".in"))
        elif line and not line.startswith("#"):
            yield Requirement(line)


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(name):
    """Package → versions that a compiled list names (one for each kind of Python where they differ)."""
    pins = {}
    for found in re.finditer(
        r"^([\w.-]+)(?:\[[^]]*])?==([^\s;]+)", Path(ROOT, f"{name}.txt").read_text(), re.MULTILINE
    ):
        pins.setdefault(canonical(found[1]), set()).add(found[2])
    return pins


@pytest.mark.parametrize("name", LISTS)
def test_list_of_packages_is_compiled_from_its_source(name):
    pins = pinned(name)

    missing = [
        str(requirement)
        for requirement in asked(name)
        if not pins.get(canonical(requirement.name))
        or not all(requirement.specifier.contains(version) for version in pins[canonical(requirement.name)])
    ]

    assert missing == [], "run `python3 dev.py lock`"


@pytest.mark.parametrize("name", LISTS)
def test_every_package_has_its_hash(name):
    blocks = re.split(r"\n(?=[\w.-]+(?:\[[^]]*])?==)", Path(ROOT, f"{name}.txt").read_text())[1:]

    assert blocks
    assert [block.split("\n", 1)[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_lists_of_packages_agree():
    runtime, production, development = (pinned(name) for name in LISTS[:3])

    assert runtime.items() <= production.items()
    assert production.items() <= development.items()


# --- Settings and docs ------------------------------------------------------------------------------------------------


def settings_variables():
    """Names of the environment that config/settings.py reads."""
    module = ast.parse(Path(ROOT, "config", "settings.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "env"
        if isinstance(node.args[0], ast.Constant)
    }


def example_variables():
    return set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", Path(ROOT, ".env.example").read_text(), re.MULTILINE))


def test_example_names_every_variable():
    # Where the .env file itself is read from cannot stand in it.
    assert example_variables() == settings_variables() - {"ENV_FILE"}


def test_manual_explains_every_variable():
    manual = Path(ROOT, "docs", "operate.md").read_text()

    assert [name for name in sorted(settings_variables()) if f"`{name}`" not in manual] == []


def test_manual_explains_every_check():
    manual = Path(ROOT, "docs", "operate.md").read_text()
    codes = re.findall(r"ogniwo\.([EW]\d{3})", Path(ROOT, "config", "checks.py").read_text())

    assert codes
    assert [code for code in codes if f"`ogniwo.{code}`" not in manual] == []


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path, text in tree().items()
        if path.suffix == ".md"
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
        if not (path.parent / target).exists()
    ]

    assert broken == []


# --- The tree ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    [
        # written in two parts, so that this file does not find itself
        re.compile("/wo" + r"rk/|/ro" + r"ot/|/Us" + r"ers/\w|/ho" + r"me/\w+/"),
        re.compile("py" + r"pi\.org|python" + r"hosted\.org|registry\.npm" + r"js|deb\.deb" + r"ian\.org"),
        re.compile("<<<<" + r"<<< |>>>>" + ">>> "),
    ],
    ids=["paths of a machine", "addresses of registries", "conflicts of a merge"],
)
def test_tree_holds_no(pattern):
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path, text in tree().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == []
