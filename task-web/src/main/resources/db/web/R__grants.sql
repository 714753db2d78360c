-- All that the application may do. It runs again when it is changed, or when ROWLOCK_WEB_DB_USER names another role.
revoke all on all tables in schema web from public, ${application};
revoke all on schema web from public, ${application};
alter default privileges revoke execute on functions from public;
grant usage on schema web to ${application};
grant select, insert, update, delete on web.session to ${application};
grant select, insert, update, delete on web.ending to ${application};
