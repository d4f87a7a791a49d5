"""What is read of a mail that answers a letter, and what is not even looked at."""

import time
from types import SimpleNamespace

import pytest

from notifications import registry, replies, reply_addresses
from notifications.replies import Reply
from notifications.reply_words import own_words
from tests.notifications.mails import ADDRESS, SERVICE, brought, raw, written

OURS = "Ogniwo <ogniwo@ogniwo.example>"


@pytest.fixture(autouse=True)
def service(settings):
    for name, value in {**SERVICE, "DEFAULT_FROM_EMAIL": OURS}.items():
        setattr(settings, name, value)


@pytest.fixture
def taken(monkeypatch):
    """The answers that are handed on."""
    taken = []
    monkeypatch.setattr("notifications.registry._answers", [taken.append])
    return taken


def hear(message):
    replies.hear(sender=None, event=SimpleNamespace(message=message), esp_name="Test")


def address(number=7, bound_to="1/2/jan@example.org"):
    return reply_addresses.address_of(number, bound_to=bound_to)


def words(content):
    return Reply(brought(content)).read().words


# --- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 35, 36, 2**63 - 1])
@pytest.mark.parametrize("setting", [ADDRESS, "odpowiedzi.example", "a" * 30 + "@odpowiedzi.example"])
def test_address_fits_into_a_mail_and_names_its_number(number, setting, settings):
    settings.REPLY_ADDRESS = setting

    made = address(number)

    token = reply_addresses.token_in(made.upper())
    assert made == made.lower()
    assert len(made.rpartition("@")[0]) <= 64
    assert token.number == number
    assert reply_addresses.is_genuine(token, bound_to="1/2/jan@example.org")


@pytest.mark.parametrize("bound_to", ["1/2/jan@example.net", "1/3/jan@example.org", "", "1/2/jan@example.org/"])
def test_address_is_worth_nothing_for_anybody_else(bound_to):
    token = reply_addresses.token_in(address())

    assert not reply_addresses.is_genuine(token, bound_to=bound_to)


def test_address_is_worth_nothing_with_another_number_or_letter():
    mark = reply_addresses.token_in(address()).mark
    forged = [(8, mark), (7, ("b" if mark[0] == "a" else "a") + mark[1:]), (7, "a" * 20)]

    assert [
        reply_addresses.is_genuine(reply_addresses.Token(*it), bound_to="1/2/jan@example.org") for it in forged
    ] == [
        False,
        False,
        False,
    ]


def test_address_outlives_a_change_of_the_key_while_the_old_one_is_kept(settings):
    token = reply_addresses.token_in(address())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]

    kept = reply_addresses.is_genuine(token, bound_to="1/2/jan@example.org")
    settings.SECRET_KEY_FALLBACKS = []

    assert kept
    assert not reply_addresses.is_genuine(token, bound_to="1/2/jan@example.org")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "@",
        ADDRESS,
        "rozmowy+@odpowiedzi.example",
        f"{'a' * 20}7@odpowiedzi.example",
        f"rozmowy+{'a' * 20}@odpowiedzi.example",
        f"rozmowy+{'a' * 20}7@odpowiedzi.example.org",
        f"rozmowy+{'a' * 20}{'z' * 13}@odpowiedzi.example",
        f"rozmowy+{'a' * 20}{'z' * 14}@odpowiedzi.example",
        f"rozmowy+{'1' * 20}7@odpowiedzi.example",
        f"rozmowy+{'ą' * 20}7@odpowiedzi.example",
        f"inne+{'a' * 20}7@odpowiedzi.example",
    ],
)
def test_other_addresses_hold_no_token(wrong):
    assert reply_addresses.token_in(wrong) is None


# --- Mail that is not looked at ---------------------------------------------------------------------------------------


def test_answer_of_a_person_is_handed_on(taken):
    hear(brought(written("Będę o dziesiątej.", to=address())))

    [reply] = taken
    assert (reply.token.number, reply.sender, reply.name) == (7, "jan@example.org", "<1@example.org>")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "Auto-Generated"},
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"Precedence": "bulk"},
        {"Precedence": "Auto_Reply"},
        {"Precedence": "list"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "Urlop"},
        {"X_Failed_Recipients": "zofia@example.org"},
        {"List_Id": "<osiedle.example.org>"},
        {"Return_Path": "<>"},
    ],
)
def test_mail_that_a_machine_wrote_is_dropped(headers, taken):
    hear(brought(written("Jestem na urlopie.", to=address(), **headers)))

    assert taken == []


@pytest.mark.parametrize("sender", ["", "<>"])
def test_bounce_is_dropped(sender, taken):
    hear(brought(written("Undelivered", to=address()), envelope_sender=sender))
    hear(brought(raw(b"--x--", 'multipart/report; boundary="x"', To=address())))

    assert taken == []


def test_mail_that_says_it_is_no_automatic_one_is_taken(taken):
    hear(brought(written("Będę.", to=address(), Auto_Submitted="no"), envelope_sender=None))

    assert len(taken) == 1


@pytest.mark.parametrize("to", [ADDRESS, "ktos@example.org", "undisclosed-recipients:;", "<<>>", None])
def test_mail_to_no_address_of_ours_is_dropped(to, taken):
    hear(brought(raw(b"a", "text/plain", To=to or "")))

    assert taken == []


@pytest.mark.parametrize("setting", list(SERVICE))
def test_mail_is_dropped_where_half_of_the_settings_is_missing(setting, settings, taken):
    content = written("Będę.", to=address())
    setattr(settings, setting, "")

    hear(brought(content))

    assert taken == []


def test_report_without_a_mail_is_dropped(taken):
    hear(None)

    assert taken == []


def test_address_is_found_wherever_the_service_names_it(taken):
    hear(brought(written("a", to="ktos@example.org", Cc=address(1))))
    hear(brought(written("a", to="ktos@example.org"), envelope_recipient=address(2)))
    hear(brought(written("a", to=f"Ktoś <ktos@example.org>, Ogniwo <{address(3)}>")))

    assert [reply.token.number for reply in taken] == [1, 2, 3]


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("jan@example.org", "jan@example.org"),
        ('"Zofia <zofia@example.org>" <JAN@Example.org>', "jan@example.org"),
        ("jan@example.org, zofia@example.org", ""),
        ("", ""),
        ("Jan", "jan"),
    ],
)
def test_sender_is_the_one_address_that_it_names(sender, expected):
    assert Reply(brought(raw(b"a", "text/plain", From=sender))).sender == expected


def test_mail_without_a_name_of_its_own_is_told_apart_by_what_it_says():
    def name(text):
        return Reply(brought(written(text, Message_ID=None, Date="Wed, 21 Apr 2027 12:00:00 +0200"))).name

    assert name("Będę.") == name("Będę.")
    assert name("Będę.") != name("Nie będę.")


# --- Words ------------------------------------------------------------------------------------------------------------

LETTER = """##- Aby odpowiedzieć, pisz powyżej tej linii
Zofia napisała do Ciebie
Przeczytaj to na naszej stronie:
https://ruda.localhost/moje/powiadomienia/1/"""
QUOTED = "\n".join(f"> {line}" for line in LETTER.split("\n"))
HEAD = """Od: Ogniwo <ogniwo@ogniwo.example>
Wysłano: środa, 21 kwietnia 2027 12:00
Do: Jan <jan@example.org>
Temat: Zofia napisała do Ciebie"""


@pytest.mark.parametrize(
    "around",
    [
        "%s",
        "\n\n%s\n\n\n",
        f"%s\n\nśr., 21 kwi 2027 o 12:00 Ogniwo <ogniwo@ogniwo.example> napisał(a):\n\n{QUOTED}\n",
        f"%s\n\nśr., 21 kwi 2027 o 12:00 Ogniwo <ogniwo@ogniwo.example>\nnapisał(a):\n{QUOTED}\n",
        f"%s\nW dniu 21.04.2027 o 12:00, Ogniwo pisze:\n{QUOTED}",
        f"%s\n\nOn Wed, 21 Apr 2027 at 12:00, Ogniwo <ogniwo@ogniwo.example> wrote:\n{QUOTED}",
        f"%s\n\nср, 21 квіт. 2027 р. о 12:00 Ogniwo <ogniwo@ogniwo.example> пише:\n\n{QUOTED}",
        f"%s\n\n________________________________\n{HEAD}\n\n{LETTER}",
        f"%s\n\n-------- Oryginalna wiadomość --------\n{HEAD}\n\n{LETTER}",
        f"%s\n\n*From:* Ogniwo <ogniwo@ogniwo.example>\n*Sent:* Wednesday\n\n{LETTER}",
        f"%s\n\n{LETTER}",
        f"{QUOTED}\n\n%s",
        f"śr., 21 kwi 2027 o 12:00 Ogniwo <ogniwo@ogniwo.example> napisał(a):\n{QUOTED}\n\n%s",
        f"%s\n\n-- \nJan Pomocny\ntel. 601 000 009\n\n{QUOTED}",
        "%s\n\nWysłane z iPhone’a",
        f"%s\n\nSent from my iPhone\n\nOn 21 Apr 2027, at 12:00, Ogniwo wrote:\n\n{QUOTED}",
        "%s\n\nНадіслано з iPhone",
        "%s\n\nPobierz aplikację Outlook dla systemu iOS\n",
    ],
)
@pytest.mark.parametrize("own", ["Będę o 10:00.", "Dobrze.\n\nMam pytanie:\n- co kupić?\n- za ile?"])
def test_own_words_are_cut_out_of_what_mail_programs_add(around, own):
    assert own_words(around % own) == own


@pytest.mark.parametrize(
    "own",
    [
        "Ogniwo napisało:",
        "Kup proszę:\nmleko\n2 chleby",
        "Kod do bramy: 12",
        "Cena: Ogniwo nie wie",
        "a\n---\nb",
        "5 > 3",
        "Sent from my sister: jabłka, dużo jabłek, gruszki i to wszystko o czym mówiła wczoraj wieczorem",
    ],
)
def test_words_that_look_like_additions_stay(own):
    assert own_words(own) == own


def test_only_quoted_words_are_no_words():
    assert own_words(f"śr., 21 kwi 2027 o 12:00 Ogniwo napisał(a):\n{QUOTED}") == ""


def test_long_lines_that_a_program_broke_are_joined():
    text = "Będę o dziesiątej, \nczekaj przy \nbramie.\n\nJan\n-- \nJan Pomocny\n".encode()

    found = words(raw(text, "text/plain; charset=utf-8; format=flowed"))

    assert found == "Będę o dziesiątej, czekaj przy bramie.\n\nJan"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Będę o <b>10:00</b> .</p>\n <p>Jan</p>", "Będę o 10:00 .\nJan"),
        ("<div>Dobrze</div><div><br></div><div>Jan</div>", "Dobrze\n\nJan"),
        ("<style>p {}</style><script>alert(1)</script><title>x</title>a &lt;b&gt; &amp; c", "a <b> & c"),
        ("Będę<br><blockquote><p>##- x</p><blockquote>y</blockquote>z</blockquote>", "Będę"),
        (
            "<div>Będę</div><div class='gmail_quote x'><div>21 kwi Ogniwo napisał(a):</div>y</div>",
            "Będę",
        ),
        (
            "<div>Będę</div><div>śr., 21 kwi 2027 o 12:00 Ogniwo napisał(a):</div><blockquote>y</blockquote><p>Jan</p>",
            "Będę\nJan",
        ),
        ("<p>Będę</p><div><hr><b>Od:</b> Ogniwo &lt;ogniwo@ogniwo.example&gt;<br>Do: x</div><p>##- y</p>", "Będę"),
        ("<p>Będę</p><blockquote>nie zamknięte <p>x", "Będę"),
        ("<ul><li>mleko</li><li>chleb</li></ul><img src='http://x.example/a.png'>", "mleko\nchleb"),
        ("<p></p>", ""),
        ("<<<p>b>>>", "<<\nb>>>"),
        ("a<!-- b <p>c --> d<!-- e --", "a d"),
        ("<p>a<!--[if mso]><p>x</p><![endif]--></p>", "a"),
    ],
)
def test_mail_of_html_alone_is_read_as_plain_text(html, expected):
    assert words(written(html=html)) == expected


def test_text_is_taken_where_a_mail_has_both():
    assert words(written("tekst", html="<p>html</p>")) == "tekst"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("Zażółć".encode(), "text/plain; charset=utf-8"),
        ("Zażółć".encode("iso-8859-2"), "text/plain; charset=iso-8859-2"),
        ("Zażółć".encode("cp1250"), "text/plain; charset=WINDOWS-1250"),
        ("Zażółć".encode(), "text/plain"),
        ("Zażółć".encode(), "text/plain; charset=klingon"),
        ("Zażółć".encode(), 'text/plain; charset=""'),
        ("Zażółć".encode(), "text/plain; charset=us-ascii"),
        ("Zażółć".encode(), "text/plain; charset=idna"),
        ("Zażółć".encode(), "text/plain; charset=unicode_escape"),
        ("Zażółć".encode(), "text/plain; charset=../../etc/passwd"),
        ("Zażółć".encode("utf-16"), "text/plain; charset=utf-16"),
    ],
)
def test_letters_are_read_in_whatever_encoding(body, content_type):
    assert words(raw(body, content_type)) == "Zażółć"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("Zażółć".encode("cp1250"), "text/plain; charset=utf-8"),
        ("Zażółć".encode("cp1250"), "text/plain"),
        (b"\xff\xfe\xfd", "text/plain; charset=klingon"),
    ],
)
def test_letters_that_nobody_can_read_are_no_words(body, content_type):
    assert words(raw(body, content_type)) is None


@pytest.mark.parametrize(
    ("body", "content_type", "transfer"),
    [
        (b"", "multipart/mixed; boundary=x", "7bit"),
        (b"--x\r\n", 'multipart/mixed; boundary="x"', "7bit"),
        (b"a", "multipart/mixed", "7bit"),
        (b"@@@@", "text/plain", "base64"),
        (b"a", "", "x-nonsense"),
        (b"a", "text", "7bit"),
        (b"a", "text/plain; charset*=x'y'%ff", "7bit"),
        (b"a", "message/rfc822", "7bit"),
        (b"a" * 10, 'text/plain; name="\xc4\x85', "quoted-printable"),
        (b"=ZZ=\r\n=", "text/plain", "quoted-printable"),
    ],
)
def test_broken_mail_breaks_nothing(body, content_type, transfer, taken):
    hear(brought(raw(body, content_type, transfer=transfer, To=address())))

    for reply in taken:
        reply.read()


@pytest.mark.parametrize("line", ["ą", "\n", "> \n", "a:\n", "a \n", "-- \n", "##-", "Od: \n", "2 Ogniwo\n", "@"])
@pytest.mark.parametrize("flow", ["fixed", "flowed"])
def test_long_mail_is_read_up_to_a_limit_in_little_time(line, flow):
    body = (line * (1_000_000 // len(line))).encode()

    started = time.process_time()
    found = words(raw(body, f"text/plain; charset=utf-8; format={flow}"))

    assert len(found) <= 100_000
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "tag", ["<", "<!", "<!--", "<a ", "<p>", "</p>", "<blockquote>", "&", "&#", "<a b='", "<style>", ">"]
)
def test_long_html_is_read_up_to_a_limit_in_little_time(tag):
    body = (tag * (1_000_000 // len(tag))).encode()

    started = time.process_time()
    words(raw(body, "text/html; charset=utf-8"))

    assert time.process_time() - started < 5


# --- Files ------------------------------------------------------------------------------------------------------------


def test_pictures_are_taken_and_small_ones_within_the_text_are_not():
    photo = (b"x" * 30, "image/jpeg", "a.jpg")
    logo = raw(b"x" * 30, "image/png", **{"Content-Disposition": "inline", "Content-ID": "<logo>"})
    shown = raw(b"x" * 20_000, "image/png", **{"Content-Disposition": "inline"})

    numbers = [len(Reply(brought(it)).read().photos) for it in (written("a", files=[photo, photo]), logo, shown)]

    assert numbers == [2, 0, 1]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("application/pdf", True),
        ("text/html", True),
        ("video/mp4", True),
        ("application/pgp-signature", False),
        ("text/calendar", False),
        ("image/heic", False),
    ],
)
def test_other_files_are_noticed(kind, expected):
    reply = Reply(brought(written("a", files=[(b"x", kind, "plik")])))

    assert reply.read().has_other_files is expected


def test_mail_within_a_mail_is_a_file():
    inner = written("obce słowa", files=[(b"x" * 30_000, "image/jpeg", "a.jpg")])
    outer = b"\r\n".join(
        [b"--x", b"Content-Type: text/plain", b"", b"moje", b"--x", b"Content-Type: message/rfc822", b""]
    )

    content = Reply(brought(raw(outer + b"\r\n" + inner + b"\r\n--x--", 'multipart/mixed; boundary="x"'))).read()

    assert (content.words, content.photos, content.has_other_files) == ("moje", [], True)


def test_answers_go_to_who_asked_for_them_last(monkeypatch):
    monkeypatch.setattr("notifications.registry._answers", [])
    first, second = [], []

    registry.set_answers(first.append)
    registry.set_answers(second.append)
    registry.answer("a")

    assert (first, second) == ([], ["a"])
