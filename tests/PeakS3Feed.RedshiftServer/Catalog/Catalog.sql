-- What clients of Redshift expect and PostgreSQL does not have. Runs when a server starts and the script has changed, and may run again.
SET allow_system_table_mods = on;
SET client_min_messages = warning;

CREATE SCHEMA IF NOT EXISTS redshift_standin;

CREATE SEQUENCE IF NOT EXISTS redshift_standin.queries START 1000;

-- Names of more than 63 bytes, which PostgreSQL would cut, and what stands for them.
CREATE TABLE IF NOT EXISTS redshift_standin.long_names (short name PRIMARY KEY, long varchar(127) NOT NULL);

CREATE TABLE IF NOT EXISTS redshift_standin.load_errors (
    query bigint NOT NULL, session integer NOT NULL, tbl integer NOT NULL, starttime timestamp NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC'),
    filename character(256) NOT NULL, line_number bigint NOT NULL, colname character(127) NOT NULL, type character(10) NOT NULL,
    col_length character(10) NOT NULL, position integer NOT NULL, raw_line character(1024) NOT NULL, raw_field_value character(1024) NOT NULL,
    err_code integer NOT NULL, err_reason character(512) NOT NULL);

DO $$ BEGIN
    IF to_regtype('pg_catalog.super') IS NULL THEN
        CREATE DOMAIN pg_catalog.super AS jsonb;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION redshift_standin.long_name(short name) RETURNS varchar LANGUAGE sql STABLE AS
$$ SELECT coalesce((SELECT n.long FROM redshift_standin.long_names n WHERE n.short = $1), $1::varchar) $$;

-- A comment "redshift <distkey 0 or 1> <place in the sort key> <encoding>" has what CREATE TABLE said of a column.
CREATE OR REPLACE FUNCTION redshift_standin.noted(tbl oid, col int, part int) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN d LIKE 'redshift %' THEN split_part(d, ' ', part + 1) END FROM col_description(tbl, col) d $$;

CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql STABLE AS
$$ SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2, Redshift 1.0.0 (the stand-in of the tests)'::text $$;

CREATE OR REPLACE FUNCTION pg_catalog.getdate() RETURNS timestamp LANGUAGE sql STABLE AS $$ SELECT statement_timestamp()::timestamp $$;

CREATE OR REPLACE FUNCTION pg_catalog.pg_last_copy_count(rows bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT rows $$;

CREATE OR REPLACE FUNCTION pg_catalog.pg_last_copy_id(id bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT id $$;

CREATE OR REPLACE FUNCTION pg_catalog.len(value text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT char_length(value) $$;

CREATE OR REPLACE FUNCTION pg_catalog.json_parse(value text) RETURNS super LANGUAGE sql IMMUTABLE AS $$ SELECT value::jsonb::super $$;

CREATE OR REPLACE FUNCTION pg_catalog.json_serialize(value super) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$ SELECT value::text::varchar $$;

-- ALTER TABLE … ALTER COLUMN … TYPE varchar(size)
CREATE OR REPLACE FUNCTION pg_catalog.redshift_resize(tbl text, col text, size integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    target regclass := tbl::regclass;
    attribute pg_attribute;
    bytes_check name;
    longest integer;
BEGIN
    SELECT a.* INTO attribute FROM pg_attribute a
    WHERE a.attrelid = target AND a.attname = (parse_ident(col))[1] AND a.attnum > 0 AND NOT a.attisdropped;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'column % of relation % does not exist', col, tbl USING ERRCODE = '42703';
    END IF;
    IF attribute.atttypid <> 'varchar'::regtype THEN
        RAISE EXCEPTION 'Redshift lacks ALTER COLUMN … TYPE of a column that is no VARCHAR: %', col USING ERRCODE = '0A000';
    END IF;
    IF attribute.atthasdef THEN
        RAISE EXCEPTION 'Redshift lacks ALTER COLUMN … TYPE of a column with a default: %', col USING ERRCODE = '0A000';
    END IF;
    EXECUTE format('SELECT max(octet_length(%I)) FROM %s', attribute.attname, target) INTO longest;
    IF longest > size THEN
        RAISE EXCEPTION 'ALTER COLUMN TYPE: the column % has a value of % bytes', col, longest USING ERRCODE = '22001';
    END IF;
    SELECT c.conname INTO bytes_check FROM pg_constraint c
    WHERE c.conrelid = target AND c.conkey = ARRAY[attribute.attnum] AND c.conname LIKE 'redshift\_bytes\_%';
    IF FOUND THEN
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', target, bytes_check);
    END IF;
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE varchar(%s)', target, attribute.attname, size);
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (octet_length(%I::text) <= %s)',
        target, coalesce(bytes_check, 'redshift_bytes_' || md5(attribute.attname)), attribute.attname, size);
END $$;

CREATE OR REPLACE VIEW redshift_standin.all_columns AS
SELECT current_database()::varchar(128) AS database_name, redshift_standin.long_name(n.nspname) AS schema_name,
    redshift_standin.long_name(c.relname) AS table_name, redshift_standin.long_name(a.attname) AS column_name,
    row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum)::integer AS ordinal_position, format_type(a.atttypid, a.atttypmod)::varchar(128) AS data_type,
    pg_get_expr(d.adbin, d.adrelid)::varchar(4000) AS column_default, a.attnotnull AS not_null,
    coalesce(redshift_standin.noted(c.oid, a.attnum, 3), 'none')::varchar(128) AS encoding,
    coalesce(redshift_standin.noted(c.oid, a.attnum, 1) = '1', false) AS distkey,
    coalesce(redshift_standin.noted(c.oid, a.attnum, 2)::integer, 0) AS sortkey, c.oid AS table_id, c.relkind, c.reltuples, a.atttypid, a.atttypmod
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'v') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'redshift_standin');

CREATE OR REPLACE VIEW pg_catalog.svv_redshift_columns AS
SELECT database_name, schema_name, table_name, column_name, ordinal_position, data_type, column_default,
    (CASE WHEN not_null THEN 'NO' ELSE 'YES' END)::varchar(3) AS is_nullable, encoding, distkey, sortkey, ''::varchar(128) AS column_acl, ''::varchar(256) AS remarks
FROM redshift_standin.all_columns;

CREATE OR REPLACE VIEW pg_catalog.svv_redshift_tables AS
SELECT DISTINCT database_name, schema_name, table_name, (CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END)::varchar(128) AS table_type,
    ''::varchar(128) AS table_acl, ''::varchar(256) AS remarks
FROM redshift_standin.all_columns;

CREATE OR REPLACE VIEW pg_catalog.svv_tables AS
SELECT DISTINCT database_name AS table_catalog, schema_name AS table_schema, table_name, (CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'BASE TABLE' END)::varchar AS table_type,
    ''::varchar AS remarks
FROM redshift_standin.all_columns;

CREATE OR REPLACE VIEW pg_catalog.svv_columns AS
SELECT database_name AS table_catalog, schema_name AS table_schema, table_name, column_name, ordinal_position, column_default,
    (CASE WHEN not_null THEN 'NO' ELSE 'YES' END)::varchar(3) AS is_nullable, regexp_replace(data_type, '\(.*\)', '')::varchar AS data_type,
    CASE WHEN atttypid IN ('varchar'::regtype, 'bpchar'::regtype) THEN atttypmod - 4 END AS character_maximum_length,
    CASE WHEN atttypid = 'numeric'::regtype THEN ((atttypmod - 4) >> 16) & 65535 END AS numeric_precision,
    CASE WHEN atttypid = 'numeric'::regtype THEN (atttypmod - 4) & 2047 END AS numeric_scale, ''::varchar AS remarks
FROM redshift_standin.all_columns;

CREATE OR REPLACE VIEW pg_catalog.pg_table_def AS
SELECT schema_name AS schemaname, table_name AS tablename, column_name AS "column", data_type AS type, encoding, distkey, sortkey, not_null AS notnull
FROM redshift_standin.all_columns WHERE relkind = 'r' AND pg_table_is_visible(table_id);

CREATE OR REPLACE VIEW pg_catalog.svv_table_info AS
SELECT database_name AS "database", schema_name AS schema, table_id, table_name AS "table",
    (CASE WHEN bool_or(distkey) THEN 'KEY(' || max(column_name) FILTER (WHERE distkey) || ')' ELSE 'AUTO(EVEN)' END)::varchar AS diststyle,
    (max(column_name) FILTER (WHERE sortkey = 1))::varchar AS sortkey1, max(sortkey) AS sortkey_num, greatest(max(reltuples), 0)::numeric(38,0) AS tbl_rows
FROM redshift_standin.all_columns WHERE relkind = 'r' GROUP BY 1, 2, 3, 4;

CREATE OR REPLACE VIEW pg_catalog.sys_load_error_detail AS
SELECT 100 AS user_id, query AS query_id, 0::bigint AS transaction_id, session AS session_id, current_database()::character(64) AS database_name,
    tbl AS table_id, starttime AS start_time, filename AS file_name, line_number, colname AS column_name, type AS column_type, col_length AS column_length,
    position, err_code AS error_code, err_reason AS error_message
FROM redshift_standin.load_errors;

CREATE OR REPLACE VIEW pg_catalog.stl_load_errors AS
SELECT 100 AS userid, 0 AS slice, tbl, starttime, session, query::integer AS query, filename, line_number, colname, type, col_length, position, raw_line,
    raw_field_value, err_code, err_reason::character(100) AS err_reason
FROM redshift_standin.load_errors;
