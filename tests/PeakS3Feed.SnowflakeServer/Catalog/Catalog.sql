-- What the stand-in for Snowflake needs in its database. A schema of a database of Snowflake is the schema DATABASE.SCHEMA.
-- What other servers have noted here stays when this script changes.
CREATE SCHEMA IF NOT EXISTS snowflake_account;
DROP VIEW IF EXISTS snowflake_account."TABLES", snowflake_account."COLUMNS";

-- Names of more than 63 bytes, by the short ones that stand for them.
CREATE TABLE IF NOT EXISTS snowflake_account.long_names (short_name text PRIMARY KEY, long_name text NOT NULL);

-- Databases and schemas, by the schemas that stand for them.
CREATE TABLE IF NOT EXISTS snowflake_account.schemas (name text PRIMARY KEY, catalog_name text NOT NULL, schema_name text NOT NULL);

-- Load metadata: the files that a table has loaded. A new table has another number.
CREATE TABLE IF NOT EXISTS snowflake_account.loaded_files (table_id oid, file text, etag text, PRIMARY KEY (table_id, file, etag));

CREATE OR REPLACE FUNCTION snowflake_account.parse_json(value text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF value ~ '[0-9][eE]\+?[0-9]{4}' THEN -- beyond FLOAT
        RAISE EXCEPTION 'Error parsing JSON: numeric value out of range' USING ERRCODE = '22P02';
    END IF;
    RETURN CASE WHEN btrim(value, E' \t\r\n') = '' THEN NULL ELSE value::jsonb END;
END $$;

CREATE OR REPLACE FUNCTION snowflake_account.try_parse_json(value text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN snowflake_account.parse_json(value);
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;

-- Texts of exactly the format that a statement names.
CREATE OR REPLACE FUNCTION snowflake_account.to_timestamp_ntz(value text) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF value !~ '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$' THEN
        RAISE EXCEPTION 'Timestamp ''%'' is not recognized', value USING ERRCODE = '22007';
    END IF;
    RETURN value::timestamp;
END $$;

CREATE OR REPLACE FUNCTION snowflake_account.to_timestamp_tz(value text) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF value !~ '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}[+-]\d\d$' THEN
        RAISE EXCEPTION 'Timestamp ''%'' is not recognized', value USING ERRCODE = '22007';
    END IF;
    RETURN value::timestamptz;
END $$;


CREATE OR REPLACE FUNCTION snowflake_account.full_name(name name) RETURNS text LANGUAGE sql STABLE
    RETURN COALESCE((SELECT l.long_name FROM snowflake_account.long_names l WHERE l.short_name = name::text), name::text);

CREATE VIEW snowflake_account."TABLES" AS
SELECT s.catalog_name AS "TABLE_CATALOG", s.schema_name AS "TABLE_SCHEMA", snowflake_account.full_name(c.relname) AS "TABLE_NAME",
    CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'BASE TABLE' END AS "TABLE_TYPE",
    CASE WHEN obj_description(c.oid, 'pg_class') = 'transient' THEN 'YES' ELSE 'NO' END AS "IS_TRANSIENT"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN snowflake_account.schemas s ON s.name = n.nspname
WHERE c.relkind IN ('r', 'p', 'v');

CREATE VIEW snowflake_account."COLUMNS" AS
SELECT s.catalog_name AS "TABLE_CATALOG", s.schema_name AS "TABLE_SCHEMA", snowflake_account.full_name(c.relname) AS "TABLE_NAME",
    snowflake_account.full_name(a.attname) AS "COLUMN_NAME",
    row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) AS "ORDINAL_POSITION",
    pg_get_expr(d.adbin, d.adrelid) AS "COLUMN_DEFAULT",
    CASE WHEN a.attnotnull THEN 'NO' ELSE 'YES' END AS "IS_NULLABLE",
    CASE t.typname
        WHEN 'text' THEN 'TEXT' WHEN 'varchar' THEN 'TEXT' WHEN 'numeric' THEN 'NUMBER' WHEN 'int8' THEN 'NUMBER' WHEN 'int4' THEN 'NUMBER'
        WHEN 'float8' THEN 'FLOAT' WHEN 'bool' THEN 'BOOLEAN' WHEN 'date' THEN 'DATE' WHEN 'timestamp' THEN 'TIMESTAMP_NTZ'
        WHEN 'timestamptz' THEN 'TIMESTAMP_TZ' WHEN 'jsonb' THEN 'VARIANT' WHEN 'time' THEN 'TIME' WHEN 'bytea' THEN 'BINARY'
        ELSE upper(t.typname)
    END AS "DATA_TYPE",
    CASE
        WHEN t.typname = 'text' THEN 16777216
        WHEN t.typname = 'varchar' THEN CASE WHEN a.atttypmod > 4 THEN a.atttypmod - 4 ELSE 16777216 END
    END::numeric AS "CHARACTER_MAXIMUM_LENGTH",
    CASE
        WHEN t.typname = 'numeric' AND a.atttypmod > 4 THEN ((a.atttypmod - 4) >> 16) & 65535
        WHEN t.typname IN ('numeric', 'int8', 'int4') THEN 38
    END::numeric AS "NUMERIC_PRECISION",
    CASE
        WHEN t.typname = 'numeric' AND a.atttypmod > 4 THEN (a.atttypmod - 4) & 2047
        WHEN t.typname IN ('numeric', 'int8', 'int4') THEN 0
    END::numeric AS "NUMERIC_SCALE",
    CASE WHEN t.typname IN ('timestamp', 'timestamptz') THEN CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE 9 END END::numeric AS "DATETIME_PRECISION"
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN snowflake_account.schemas s ON s.name = n.nspname
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'v');
