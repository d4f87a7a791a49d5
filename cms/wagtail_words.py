"""Sentences of Wagtail that this installation says better itself: our catalogues go before Wagtail's.

Wagtail puts the name of a type into its sentences as it is: „Dodaj prośba”. Polish and Ukrainian bend nouns, so our
translations set the name apart: „Dodaj: prośba o pomoc”. Other sentences are new and have no translation there yet.
Nothing here is ever called; `makemessages` reads it.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

# Translators: In all of these, model_name is a noun in the nominative, of any gender. Set it apart, for example with
# a colon, so that nothing has to agree with it.
WITH_A_NAME = [
    gettext_noop("Add %(model_name)s"),
    gettext_noop("New: %(model_name)s"),
    gettext_noop("Create a new %(model_name)s"),
    gettext_noop("Publish %(model_name)s"),
    gettext_noop("Editing %(page_type)s"),
    gettext_noop("Pages using %(page_type)s"),
    gettext_noop("Translate %(model_name)s"),
    gettext_noop("%(setting_type)s updated."),
    gettext_noop("%(model_name)s '%(object)s' created."),
    gettext_noop("%(model_name)s '%(object)s' updated."),
    gettext_noop("%(model_name)s '%(object)s' deleted."),
    gettext_noop("%(model_name)s '%(object)s' created and published."),
    gettext_noop("%(model_name)s '%(object)s' updated and published."),
    gettext_noop("%(model_name)s '%(object)s' has been scheduled for publishing."),
    gettext_noop("%(model_name)s '%(object)s' created and scheduled for publishing."),
    gettext_noop("%(model_name)s '%(object)s' is live and this version has been scheduled for publishing."),
    gettext_noop("%(model_name)s '%(object)s' has been submitted for moderation."),
    gettext_noop("%(model_name)s '%(object)s' created and submitted for moderation."),
    gettext_noop("%(model_name)s '%(object)s' has been replaced with version from %(timestamp)s."),
    gettext_noop("%(model_name)s '%(title)s' is now unlocked."),
    gettext_noop("Version from %(timestamp)s of %(model_name)s '%(object)s' has been published."),
    gettext_noop("Workflow on %(model_name)s '%(object)s' has been restarted."),
    gettext_noop("Workflow on %(model_name)s '%(object)s' has been cancelled."),
    gettext_noop("The %(model_name)s could not be created due to errors."),
    gettext_noop("The %(model_name)s could not be saved due to errors."),
    gettext_noop("The %(model_name)s could not be saved as it is locked"),
    gettext_noop("The %(model_name)s '%(title)s' is not currently awaiting moderation."),
    gettext_noop("Are you sure you want to delete this %(model_name)s?"),
    gettext_noop("Are you sure you want to unpublish this %(model_name)s?"),
    gettext_noop("No %(model_name)s match your query."),
    gettext_noop("There are no %(model_name)s to display."),
    gettext_noop('There are no %(model_name)s to display. Why not <a href="%(add_url)s">add one</a>?'),
    gettext_noop("This %(model_name)s is currently awaiting moderation."),
    gettext_noop("This %(model_name)s hasn't been submitted for moderation yet"),
    gettext_noop("Anyone can edit this %(model_name)s"),
    gettext_noop("Anyone can edit this %(model_name)s – lock it to prevent others from editing"),
    gettext_noop("Reviewers can edit this %(model_name)s – lock it to prevent other reviewers from editing"),
    gettext_noop("Only reviewers can edit and approve the %(model_name)s"),
    gettext_noop("Only reviewers for this task can edit the %(model_name)s."),
    gettext_noop("Only you can make changes while the %(model_name)s is locked"),
    gettext_noop("Only %(user)s can make changes while the %(model_name)s is locked"),
    gettext_noop("No one can make changes while the %(model_name)s is locked"),
    gettext_noop("Choose when this %(model_name)s should go live and/or expire"),
    gettext_noop("Would you still like to publish this %(model_name)s?"),
    gettext_noop("Publishing this %(model_name)s will cancel the current workflow."),
    gettext_noop("One or more references to this %(model_name)s prevent it from being deleted."),
    gettext_noop("You are viewing a previous version of this %(model_name)s from <b>%(created_at)s</b> by %(user)s"),
    gettext_noop("Delete %(snippet_type_name)s"),
    gettext_noop("Are you sure you want to delete this %(snippet_type_name)s?"),
    gettext_noop("Are you sure you want to delete %(count)s %(snippet_type_name)s?"),
    gettext_noop("You don't have permission to delete this %(snippet_type_name)s"),
    gettext_noop("You don't have permission to delete these %(snippet_plural_name)s"),
]

# Translators: model_name is the plural in the nominative.
COUNTED = [
    ngettext_lazy("%(count)d %(model_name)s deleted.", "%(count)d %(model_name)s deleted."),
    ngettext_lazy(
        "This %(model_name)s is referenced %(usage_count)s time.",
        "This %(model_name)s is referenced %(usage_count)s times.",
    ),
]

# What editors meet every day and Wagtail has not translated yet.
NEW = [
    gettext_noop("Saved"),
    gettext_noop("Autosave is paused"),
    gettext_noop("Autosave is <span>paused</span>"),
    gettext_noop("Saving will overwrite a newer version."),
    gettext_noop("Go to the first error"),
    gettext_noop("Schedule to publish"),
    gettext_noop("Scheduling…"),
    gettext_noop("Once scheduled:"),
    gettext_noop("The page could not be created due to validation errors."),
    gettext_noop("The page could not be saved due to validation errors."),
    gettext_noop("The page could not be saved as it is locked."),
    gettext_noop("There are validation errors, click save to highlight them."),
    gettext_noop("Correct the validation errors to resume preview (saving will highlight errors)"),
    gettext_noop("The slug '%(page_slug)s' is already in use within the parent page."),
    gettext_noop("The slug '%(page_slug)s' is already in use within the parent page at '%(parent_url_path)s'."),
    gettext_noop("Expiry date/time must be in the future."),
    gettext_noop("Maximum filesize: %(max_upload_size)s."),
    gettext_noop("View latest version"),
    gettext_noop("A network error occurred"),
    gettext_noop("Grid layout"),
    gettext_noop("List layout"),
    gettext_noop("Compare"),
    gettext_noop("Checks"),
    gettext_noop("Toggle checks"),
    gettext_noop("Toggle minimap"),
    gettext_noop("Readability"),
    gettext_noop("Locked by"),
    gettext_noop("Anyone"),
    gettext_noop("- Select an option -"),
    gettext_noop("You do not have permission to access the admin."),
]
