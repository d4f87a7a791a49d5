"""English, with dates as they are written in Poland: an editor who has switched the CMS to English types them, too."""

from django.conf.locale.en import formats

DATE_INPUT_FORMATS = [*formats.DATE_INPUT_FORMATS, "%d.%m.%Y"]
DATETIME_INPUT_FORMATS = [*formats.DATETIME_INPUT_FORMATS, "%d.%m.%Y %H:%M"]
