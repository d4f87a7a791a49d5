from django.db import migrations

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
    dependencies = [("volunteering", "0002_no_two_tasks_at_once")]

    operations = [migrations.RunPython(keep, keep_no_more)]
