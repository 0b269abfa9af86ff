-- As a superuser, once: psql -v password="'…'" -f create.sql
-- The service owns its own database and nothing else: it makes and changes its tables itself at each start.
create role workflows login nosuperuser nocreatedb nocreaterole noreplication connection limit 240 password :password;
create database workflows owner workflows encoding 'UTF8' template template0;
revoke connect, temporary on database workflows from public;
\connect workflows
-- Migrations make functions, triggers and tables in it. From PostgreSQL 15 on nobody else may create there anyway.
alter schema public owner to workflows;
revoke all on schema public from public;

-- Reads for dashboards and reports, of what there is and of what migrations add.
create role workflows_reader nologin;
grant connect on database workflows to workflows_reader;
grant usage on schema public to workflows_reader;
alter default privileges for role workflows in schema public grant select on tables to workflows_reader;
