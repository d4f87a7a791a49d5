import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


# What the rows of several tables must agree upon: no CheckConstraint can say it. On either database.
#
# A closed group is never opened; who belongs to it is marked so and named to nobody outside. An exchange of time has two
# entries that sum to zero once it is booked, none before, and no entry is ever changed. On SQLite, which knows no
# deferred triggers, a single entry is found by `TimeExchange.objects.unbalanced()` only.

SQLITE = {
    "group_stays_closed": """
create trigger group_stays_closed before update of is_closed on volunteering_group
when old.is_closed and not new.is_closed
begin select raise(abort, 'group_stays_closed'); end
""",
    "group_closes_for_its_members": """
create trigger group_closes_for_its_members after update of is_closed on volunteering_group
when new.is_closed
begin
    update volunteering_groupmember set is_closed = 1,
        shown_to = case shown_to when 'everybody' then 'group' else shown_to end
    where group_id = new.id;
end
""",
    "member_is_closed_as_the_group": """
create trigger member_is_closed_as_the_group before update of is_closed, group_id on volunteering_groupmember
when new.is_closed is not (select is_closed from volunteering_group where id = new.group_id)
begin select raise(abort, 'member_is_closed_as_the_group'); end
""",
    "new_member_is_closed_as_the_group": """
create trigger new_member_is_closed_as_the_group before insert on volunteering_groupmember
when new.is_closed is not (select is_closed from volunteering_group where id = new.group_id)
begin select raise(abort, 'member_is_closed_as_the_group'); end
""",
    "entries_are_never_changed": """
create trigger entries_are_never_changed before update on volunteering_timeentry
begin select raise(abort, 'entries_are_never_changed'); end
""",
    "entries_sum_to_zero": """
create trigger entries_sum_to_zero after insert on volunteering_timeentry
when (select count(*) > 2 or (count(*) = 2 and sum(minutes) <> 0)
      from volunteering_timeentry where exchange_id = new.exchange_id)
begin select raise(abort, 'entries_sum_to_zero'); end
""",
}

POSTGRESQL = """
create function volunteering_group_closes() returns trigger language plpgsql as $$
begin
    if old.is_closed and not new.is_closed then
        raise exception 'group_stays_closed' using errcode = 'check_violation';
    end if;
    if new.is_closed and not old.is_closed then
        update volunteering_groupmember set is_closed = true,
            shown_to = case shown_to when 'everybody' then 'group' else shown_to end
        where group_id = new.id;
    end if;
    return null;
end $$;
create trigger group_stays_closed after update of is_closed on volunteering_group
    for each row execute function volunteering_group_closes();

create function volunteering_member_is_closed() returns trigger language plpgsql as $$
begin
    if new.is_closed is distinct from (select is_closed from volunteering_group where id = new.group_id for key share) then
        raise exception 'member_is_closed_as_the_group' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger member_is_closed_as_the_group before insert or update of is_closed, group_id on volunteering_groupmember
    for each row execute function volunteering_member_is_closed();

create function volunteering_entry_changed() returns trigger language plpgsql as $$
begin
    raise exception 'entries_are_never_changed' using errcode = 'check_violation';
end $$;
create trigger entries_are_never_changed before update on volunteering_timeentry
    for each row execute function volunteering_entry_changed();

create function volunteering_entries_balance(which bigint) returns void language plpgsql as $$
declare
    is_booked boolean; many bigint; total bigint;
begin
    select state = 'booked' into is_booked from volunteering_timeexchange where id = which;
    if not found then
        return;
    end if;
    select count(*), coalesce(sum(minutes), 0) into many, total from volunteering_timeentry where exchange_id = which;
    if total <> 0 or many <> (case when is_booked then 2 else 0 end) then
        raise exception 'entries_sum_to_zero' using errcode = 'check_violation';
    end if;
end $$;
create function volunteering_entry_written() returns trigger language plpgsql as $$
begin
    perform volunteering_entries_balance(coalesce(new.exchange_id, old.exchange_id));
    return null;
end $$;
create function volunteering_exchange_written() returns trigger language plpgsql as $$
begin
    perform volunteering_entries_balance(new.id);
    return null;
end $$;
create constraint trigger entries_sum_to_zero after insert or delete on volunteering_timeentry
    deferrable initially deferred for each row execute function volunteering_entry_written();
create constraint trigger exchange_has_its_entries after insert or update of state on volunteering_timeexchange
    deferrable initially deferred for each row execute function volunteering_exchange_written()
"""
POSTGRESQL_BACK = """
drop trigger group_stays_closed on volunteering_group;
drop trigger member_is_closed_as_the_group on volunteering_groupmember;
drop trigger entries_are_never_changed on volunteering_timeentry;
drop trigger entries_sum_to_zero on volunteering_timeentry;
drop trigger exchange_has_its_entries on volunteering_timeexchange;
drop function volunteering_group_closes(), volunteering_member_is_closed(), volunteering_entry_changed(),
    volunteering_entry_written(), volunteering_exchange_written(), volunteering_entries_balance(bigint)
"""


def keep(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
    else:
        for trigger in SQLITE.values():
            schema_editor.execute(trigger, params=None)


def keep_no_more(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_BACK, params=None)
    else:
        for name in SQLITE:
            schema_editor.execute(f"drop trigger {name}", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('neighbourhoods', '0006_announcement_rules'),
        ('volunteering', '0015_announcements'),
    ]

    operations = [
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_closed', models.BooleanField(default=False, verbose_name='closed group')),
                ('agreement_version', models.PositiveSmallIntegerField(default=0, verbose_name='version of the agreement')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opened')),
                ('initiative', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='group', to='volunteering.initiative', verbose_name='initiative')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='neighbourhoods.municipality', verbose_name='municipality')),
            ],
            options={
                'verbose_name': 'group',
                'verbose_name_plural': 'groups',
            },
        ),
        migrations.CreateModel(
            name='GroupPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, max_length=1000, verbose_name='words')),
                ('has_photo', models.BooleanField(default=False, verbose_name='with a photo')),
                ('system', models.CharField(blank=True, choices=[('appointed', 'The centre has appointed a facilitator, who has come into the group now.'), ('handed', 'The group has a new facilitator.')], max_length=9, verbose_name='said by itself')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='key')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('pinned_at', models.DateTimeField(blank=True, null=True, verbose_name='pinned')),
                ('hidden_at', models.DateTimeField(blank=True, null=True, verbose_name='hidden')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='from whom')),
                ('group', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='volunteering.group', verbose_name='group')),
            ],
            options={
                'verbose_name': 'post in a group',
                'verbose_name_plural': 'posts in a group',
                'indexes': [models.Index(fields=['group', 'id'], name='group_post_order'), models.Index(condition=models.Q(('pinned_at__isnull', False)), fields=['group', 'pinned_at'], name='group_post_pinned')],
                'constraints': [models.UniqueConstraint(models.F('group'), models.F('key'), name='one_group_post_per_key'), models.CheckConstraint(condition=models.Q(models.Q(('author', None), ('has_photo', False), ('system__in', ['appointed', 'handed']), ('text', '')), models.Q(('system', ''), models.Q(models.Q(('text', ''), _negated=True), ('has_photo', True), _connector='OR')), _connector='OR'), name='group_post_says_something')],
            },
        ),
        migrations.AddField(
            model_name='initiativekind',
            name='has_members',
            field=models.BooleanField(default=False, help_text='A group or club: the centre may open a group for it, with members and a page of their own.', verbose_name='people belong to it'),
        ),
        migrations.CreateModel(
            name='TimeBank',
            fields=[
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='time_bank', serialize=False, to='volunteering.group', verbose_name='group')),
                ('limit', models.PositiveIntegerField(default=600, help_text='So many minutes more than given may a member have received.', verbose_name='minutes below zero')),
                ('next_number', models.PositiveIntegerField(default=1, verbose_name='next number')),
            ],
            options={
                'verbose_name': 'time bank',
                'verbose_name_plural': 'time banks',
            },
        ),
        migrations.CreateModel(
            name='GroupMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_closed', models.BooleanField(default=False, verbose_name='closed group')),
                ('state', models.CharField(choices=[('asked', 'would like to join'), ('member', 'belongs to it'), ('declined', 'not this time'), ('removed', 'taken out by the facilitator')], default='member', max_length=8, verbose_name='state')),
                ('role', models.CharField(choices=[('member', 'member'), ('facilitator', 'facilitator')], default='member', max_length=11, verbose_name='role')),
                ('shown_to', models.CharField(choices=[('nobody', 'the facilitator only'), ('group', 'the people of the group'), ('everybody', 'everybody, on the page of the initiative')], default='nobody', max_length=9, verbose_name='who reads my first name')),
                ('word', models.TextField(blank=True, max_length=500, verbose_name='a word to the facilitator')),
                ('agreement_version', models.PositiveSmallIntegerField(default=0, verbose_name='agreement accepted')),
                ('is_muted', models.BooleanField(default=False, verbose_name='wants no notices')),
                ('read_up_to', models.BigIntegerField(default=0, verbose_name='read up to')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('group', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='volunteering.group', verbose_name='group')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'member of a group',
                'verbose_name_plural': 'members of a group',
                'constraints': [models.UniqueConstraint(models.F('group'), models.F('user'), name='one_member_per_person'), models.CheckConstraint(condition=models.Q(('is_closed', False), models.Q(('shown_to', 'everybody'), _negated=True), _connector='OR'), name='closed_groups_members_are_never_public'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'member', 'declined', 'removed'])), name='member_state_is_known'), models.CheckConstraint(condition=models.Q(('role__in', ['member', 'facilitator'])), name='member_role_is_known'), models.CheckConstraint(condition=models.Q(('shown_to__in', ['nobody', 'group', 'everybody'])), name='member_shown_to_is_known'), models.CheckConstraint(condition=models.Q(('role', 'member'), ('state', 'member'), _connector='OR'), name='only_members_are_facilitators'), models.CheckConstraint(condition=models.Q(('word', ''), ('state', 'asked'), _connector='OR'), name='only_who_asks_leaves_a_word')],
            },
        ),
        migrations.CreateModel(
            name='GroupPhoto',
            fields=[
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='photo', serialize=False, to='volunteering.grouppost', verbose_name='post')),
                ('content', models.BinaryField(verbose_name='content')),
                ('width', models.PositiveSmallIntegerField(verbose_name='width')),
                ('height', models.PositiveSmallIntegerField(verbose_name='height')),
                ('alt', models.CharField(blank=True, max_length=200, verbose_name='what the photo shows')),
            ],
            options={
                'verbose_name': 'photo in a group',
                'verbose_name_plural': 'photos in a group',
            },
        ),
        migrations.CreateModel(
            name='GroupReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to_centre', models.BooleanField(default=False, verbose_name='to the centre')),
                ('words', models.TextField(blank=True, max_length=1000, verbose_name='what is wrong')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by whom')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='volunteering.grouppost', verbose_name='post')),
            ],
            options={
                'verbose_name': 'report of a post',
                'verbose_name_plural': 'reports of posts',
                'constraints': [models.UniqueConstraint(models.F('post'), models.F('by'), condition=models.Q(('settled_at', None)), name='one_open_post_report_per_person')],
            },
        ),
        migrations.CreateModel(
            name='Poll',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=200, verbose_name='question')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('ends_at', models.DateTimeField(verbose_name='until')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='polls', to='volunteering.group', verbose_name='group')),
            ],
            options={
                'verbose_name': 'poll',
                'verbose_name_plural': 'polls',
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gte', models.F('created_at'))), name='poll_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='PollOption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('words', models.CharField(max_length=100, verbose_name='answer')),
                ('poll', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='options', to='volunteering.poll', verbose_name='poll')),
            ],
            options={
                'verbose_name': 'answer of a poll',
                'verbose_name_plural': 'answers of a poll',
                'constraints': [models.UniqueConstraint(models.F('poll'), models.F('position'), name='one_option_per_position')],
            },
        ),
        migrations.CreateModel(
            name='TimeAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('balance', models.IntegerField(default=0, verbose_name='balance in minutes')),
                ('limit', models.PositiveIntegerField(verbose_name='minutes below zero')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opened')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('bank', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='accounts', to='volunteering.timebank', verbose_name='time bank')),
            ],
            options={
                'verbose_name': 'time account',
                'verbose_name_plural': 'time accounts',
                'constraints': [models.UniqueConstraint(models.F('bank'), models.F('number'), name='one_time_account_per_number'), models.UniqueConstraint(models.F('bank'), models.F('user'), name='one_time_account_per_person'), models.CheckConstraint(condition=models.Q(('balance__gte', django.db.models.expressions.CombinedExpression(models.F('limit'), '*', models.Value(-1)))), name='balance_within_the_limit'), models.CheckConstraint(condition=models.Q(('closed_at', None), ('user', None), _connector='OR'), name='closed_time_account_has_no_name')],
            },
        ),
        migrations.CreateModel(
            name='TimeExchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveIntegerField(verbose_name='minutes')),
                ('what', models.CharField(blank=True, max_length=200, verbose_name='what it was')),
                ('day', models.DateField(verbose_name='day')),
                ('state', models.CharField(choices=[('proposed', 'waits for the one who received help'), ('booked', 'booked'), ('declined', 'not confirmed'), ('withdrawn', 'taken back')], default='proposed', max_length=9, verbose_name='state')),
                ('key', models.UUIDField(editable=False, verbose_name='key')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='corrected_by', to='volunteering.timeexchange', verbose_name='puts right')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='given', to='volunteering.timeaccount', verbose_name='who gave')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='received', to='volunteering.timeaccount', verbose_name='who received')),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exchanges', to='volunteering.timebank', verbose_name='time bank')),
            ],
            options={
                'verbose_name': 'exchange of time',
                'verbose_name_plural': 'exchanges of time',
                'constraints': [models.UniqueConstraint(models.F('bank'), models.F('key'), name='one_exchange_per_key'), models.CheckConstraint(condition=models.Q(('giver', models.F('receiver')), _negated=True), name='nobody_gives_time_to_themselves'), models.CheckConstraint(condition=models.Q(('minutes__gt', 0), ('minutes__lte', 1440)), name='exchange_takes_some_minutes'), models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'booked', 'declined', 'withdrawn'])), name='exchange_state_is_known')],
            },
        ),
        migrations.CreateModel(
            name='TimeEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('gave', 'gave'), ('took', 'received')], max_length=4, verbose_name='side')),
                ('minutes', models.IntegerField(verbose_name='minutes')),
                ('booked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='booked')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='volunteering.timeaccount', verbose_name='time account')),
                ('exchange', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='volunteering.timeexchange', verbose_name='exchange of time')),
            ],
            options={
                'verbose_name': 'entry of a time account',
                'verbose_name_plural': 'entries of time accounts',
                'constraints': [models.UniqueConstraint(models.F('exchange'), models.F('side'), name='one_entry_per_side'), models.UniqueConstraint(models.F('exchange'), models.F('account'), name='one_entry_per_account'), models.CheckConstraint(condition=models.Q(models.Q(('minutes__gt', 0), ('side', 'gave')), models.Q(('minutes__lt', 0), ('side', 'took')), _connector='OR'), name='given_time_goes_up_and_received_time_down')],
            },
        ),
        migrations.CreateModel(
            name='TimeNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('offer', 'I can offer'), ('wish', 'I would like')], max_length=5, verbose_name='kind')),
                ('words', models.CharField(max_length=200, verbose_name='words')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='volunteering.timeaccount', verbose_name='time account')),
            ],
            options={
                'verbose_name': 'offer or wish in a time bank',
                'verbose_name_plural': 'offers and wishes in a time bank',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['offer', 'wish']), models.Q(('words', ''), _negated=True)), name='time_note_says_something')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='votes', to='volunteering.groupmember', verbose_name='member of a group')),
                ('option', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='volunteering.polloption', verbose_name='answer')),
                ('poll', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='volunteering.poll', verbose_name='poll')),
            ],
            options={
                'verbose_name': 'vote',
                'verbose_name_plural': 'votes',
                'constraints': [models.UniqueConstraint(models.F('poll'), models.F('member'), name='one_vote_per_member')],
            },
        ),
        migrations.CreateModel(
            name='GroupAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('text', models.TextField(max_length=4000, verbose_name='agreement')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written')),
                ('group', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='volunteering.group', verbose_name='group')),
            ],
            options={
                'verbose_name': 'agreement of a group',
                'verbose_name_plural': 'agreements of a group',
                'constraints': [models.UniqueConstraint(models.F('group'), models.F('version'), name='one_agreement_per_version'), models.CheckConstraint(condition=models.Q(('version__gt', 0), models.Q(('text', ''), _negated=True)), name='agreement_says_something')],
            },
        ),
        migrations.CreateModel(
            name='GroupInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True, verbose_name='code')),
                ('role', models.CharField(choices=[('member', 'member'), ('facilitator', 'facilitator')], default='member', max_length=11, verbose_name='role')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='used')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='volunteering.group', verbose_name='group')),
            ],
            options={
                'verbose_name': 'invitation to a group',
                'verbose_name_plural': 'invitations to a group',
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['member', 'facilitator'])), name='invitation_role_is_known'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='invitation_ends_after_it_begins')],
            },
        ),
        migrations.RunPython(keep, keep_no_more),
    ]
