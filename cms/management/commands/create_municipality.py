"""A new centre with its whole site, in preparation. `--help` says what it takes; docs/operate.md shows it."""

import logging
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override
from wagtail.models import Site

from cms.domain import founding, sites
from cms.founding_forms import CentreForm, GminaForm, SiteForm
from neighbourhoods import places_file
from neighbourhoods.models import Municipality
from volunteering.models import Category

FORMS = (GminaForm, CentreForm, SiteForm)
# Option → field, where they are not called alike.
OPTIONS = {
    "host": "hostname",
    "centre": "centre_name",
    "hours": "opening_hours",
    "lat": "latitude",
    "lon": "longitude",
    "bip": "bip_url",
}
PLAIN = (
    "name",
    "locative",
    "code",
    "terc",
    "phone",
    "email",
    "address",
    "colour",
    "dpo_name",
    "dpo_email",
    "organiser",
)


class Command(BaseCommand):
    help = "Makes a municipality with its whole site, in preparation; nothing half-made is left behind."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="short name: small letters and hyphens, for example ruda-slaska")
        for option in (*PLAIN, *OPTIONS):
            parser.add_argument(f"--{option.replace('_', '-')}", dest=option, default="")
        parser.add_argument("--languages", default="pl,en,uk", help="languages of the pages (pl,en,uk)")
        parser.add_argument("--neighbourhoods", help="GeoJSON file, or a list (CSV)")
        parser.add_argument("--port", type=int, help="port in addresses; that of the portal unless said")
        parser.add_argument("--dry-run", action="store_true", help="try everything, keep nothing")
        parser.add_argument("--complete", action="store_true", help="add what is missing to one that is there")

    def handle(self, *args, **options):
        # Wagtail tells of every page three times.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        with override("en"):
            existing = Municipality.objects.with_site().filter(slug=options["slug"]).first()
            if existing and not options["complete"]:
                raise CommandError(
                    f"{existing} is there already. --complete adds what is missing, and changes nothing."
                )
            if options["complete"] and not existing:
                raise CommandError(f"There is no municipality with the short name {options['slug']}.")
            self.say(self.complete(existing, options) if existing else self.found(options), options)

    def found(self, options):
        sent = {"slug": options["slug"], "languages": options["languages"].split(",")}
        sent |= {name: options[name] for name in PLAIN} | {field: options[name] for name, field in OPTIONS.items()}
        forms = [form(sent) for form in FORMS]
        if problems := [
            f"--{option_of(name)}: {' '.join(errors)}" for form in forms for name, errors in form.errors.items()
        ]:
            raise CommandError("\n".join(problems))
        gmina, centre, site = (form.cleaned_data for form in forms)
        organiser = centre.pop("organiser")
        return act(options)(
            founding.found,
            {**gmina, **centre},
            hostname=site["hostname"],
            port=options["port"] or usual_port(),
            looks={name: site[name] for name in founding.LOOKS},
            languages=site["languages"],
            places=places(options, (gmina["latitude"], gmina["longitude"])),
            organiser=organiser,
        )

    def complete(self, municipality, options):
        if options["host"] and options["host"].lower() != municipality.site.hostname:
            raise CommandError(f"{municipality} is at {municipality.site.hostname}. Hosts are changed in the CMS.")
        return act(options)(
            founding.complete,
            municipality,
            facts={field: options.get(field) or options.get(name) for name, field in fillable()},
            languages=options["languages"].split(","),
            places=places(options, (municipality.latitude, municipality.longitude)),
            organiser=options["organiser"],
        )

    def say(self, report, options):
        verb = "Would be there" if options["dry_run"] else "There now"
        self.stdout.write(
            f"{verb}: {report.municipality.name}, {report.pages} pages ({report.added_pages} new), "
            f"{report.neighbourhoods} neighbourhoods ({report.added_neighbourhoods} new), "
            f"at {report.municipality.origin}/"
        )
        if options["dry_run"]:
            self.stdout.write("Nothing was kept.")
        elif report.municipality.in_preparation:
            self.stdout.write("The site is in preparation. An organiser opens it at the desk: Settings, Opening.")
        if not Category.objects.exists():
            self.stdout.write("The taxonomy is empty: run load_taxonomy, or nobody can ask for help.")


def act(options):
    return founding.rehearse if options["dry_run"] else lambda verb, *args, **details: verb(*args, **details)


def fillable():
    return [(next((name for name, it in OPTIONS.items() if it == field), field), field) for field in founding.FILLABLE]


def option_of(field):
    return next((name for name, it in OPTIONS.items() if it == field), field).replace("_", "-")


def usual_port():
    return Site.objects.filter(is_default_site=True).values_list("port", flat=True).first() or sites.DEFAULT_PORT


def places(options, middle):
    if not options["neighbourhoods"]:
        return []
    try:
        content = Path(options["neighbourhoods"]).read_bytes()
    except OSError as error:
        raise CommandError(f"--neighbourhoods: {error.strerror}: {options['neighbourhoods']}") from error
    try:
        return places_file.read(content, around=middle)
    except places_file.BadFile as error:
        raise CommandError("--neighbourhoods:\n" + "\n".join(error.problems)) from error
