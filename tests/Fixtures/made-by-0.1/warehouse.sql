--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: made_by_0_1; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA made_by_0_1;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: peaks3feed_file; Type: TABLE; Schema: made_by_0_1; Owner: -
--

CREATE TABLE made_by_0_1.peaks3feed_file (
    feed_id text NOT NULL COLLATE pg_catalog."C",
    table_name text NOT NULL COLLATE pg_catalog."C",
    bucket text NOT NULL COLLATE pg_catalog."C",
    object_key text NOT NULL COLLATE pg_catalog."C",
    generation bigint NOT NULL,
    etag text NOT NULL COLLATE pg_catalog."C",
    size bigint NOT NULL,
    load_id text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: peaks3feed_load; Type: TABLE; Schema: made_by_0_1; Owner: -
--

CREATE TABLE made_by_0_1.peaks3feed_load (
    feed_id text NOT NULL COLLATE pg_catalog."C",
    table_name text NOT NULL COLLATE pg_catalog."C",
    sequence bigint NOT NULL,
    load_id text NOT NULL COLLATE pg_catalog."C",
    run_id text NOT NULL COLLATE pg_catalog."C",
    mode text NOT NULL COLLATE pg_catalog."C",
    row_count bigint NOT NULL,
    object_count bigint NOT NULL,
    byte_count bigint NOT NULL,
    committed_at text NOT NULL COLLATE pg_catalog."C",
    audited bigint NOT NULL
);


--
-- Name: peaks3feed_lock; Type: TABLE; Schema: made_by_0_1; Owner: -
--

CREATE TABLE made_by_0_1.peaks3feed_lock (
    feed_id text NOT NULL COLLATE pg_catalog."C",
    table_name text NOT NULL COLLATE pg_catalog."C",
    format_version bigint NOT NULL,
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    load_type text NOT NULL COLLATE pg_catalog."C",
    schema_json text COLLATE pg_catalog."C",
    signature text COLLATE pg_catalog."C",
    run_id text NOT NULL COLLATE pg_catalog."C",
    host text NOT NULL COLLATE pg_catalog."C",
    process_id bigint NOT NULL,
    claimed_at text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: pg_append; Type: TABLE; Schema: made_by_0_1; Owner: -
--

CREATE TABLE made_by_0_1.pg_append (
    order_id bigint,
    customer text,
    zip text,
    amount numeric(38,2),
    ordered_at timestamp with time zone,
    paid boolean,
    note text,
    peakauditcreatedat timestamp with time zone,
    peakauditfilename text,
    peakauditrequestid text
);


--
-- Name: pg_events; Type: TABLE; Schema: made_by_0_1; Owner: -
--

CREATE TABLE made_by_0_1.pg_events (
    id bigint,
    at timestamp with time zone,
    data jsonb,
    big bigint,
    flag boolean,
    peakauditcreatedat timestamp with time zone,
    peakauditfilename text,
    peakauditrequestid text
);


--
-- Name: pg_replace; Type: TABLE; Schema: made_by_0_1; Owner: -
--

CREATE TABLE made_by_0_1.pg_replace (
    id bigint,
    name text,
    peakauditcreatedat timestamp with time zone,
    peakauditfilename text,
    peakauditrequestid text
);


--
-- Name: pg_upsert; Type: TABLE; Schema: made_by_0_1; Owner: -
--

CREATE TABLE made_by_0_1.pg_upsert (
    code text NOT NULL,
    name text,
    price numeric(38,2),
    peakauditcreatedat timestamp with time zone,
    peakauditfilename text,
    peakauditrequestid text,
    peakauditupdatedat timestamp with time zone
);


--
-- Name: pg_zeros; Type: TABLE; Schema: made_by_0_1; Owner: -
--

CREATE TABLE made_by_0_1.pg_zeros (
    version numeric(38,2) NOT NULL,
    label text,
    peakauditcreatedat timestamp with time zone,
    peakauditfilename text,
    peakauditrequestid text,
    peakauditupdatedat timestamp with time zone
);


--
-- Data for Name: peaks3feed_file; Type: TABLE DATA; Schema: made_by_0_1; Owner: -
--

INSERT INTO made_by_0_1.peaks3feed_file VALUES ('89c2b51b-6769-439b-ba82-bd8943c10e83', 'pg_append', 'shop', 'append/a.csv', 1, 'a98e7730b6ed8531ff3a1087dccd0271', 196, '80499414d72dcda8e13ea043b0c77053a11c12c1ce99b96187875be724d4e7ab');
INSERT INTO made_by_0_1.peaks3feed_file VALUES ('89c2b51b-6769-439b-ba82-bd8943c10e83', 'pg_append', 'shop', 'append/b.csv.gz', 1, 'e877213b1c28125edf62a30942ba4361', 108, '80499414d72dcda8e13ea043b0c77053a11c12c1ce99b96187875be724d4e7ab');
INSERT INTO made_by_0_1.peaks3feed_file VALUES ('d0fbba1e-5f7f-4447-85fb-e9eb0acfb100', 'pg_upsert', 'shop', 'upsert/a.csv', 1, '55bb127e58e5531fab52a69a00084288', 63, '4e1533c2ce384af210c777bba2c9a12d71aa210a3136c3db24abc7f7366b0f30');
INSERT INTO made_by_0_1.peaks3feed_file VALUES ('26e2b804-c2a4-4cbb-8685-63f098db300d', 'pg_replace', 'shop', 'replace/a.psv', 1, '2e54ef6bec5a8a0e7f7c31631ca74c75', 20, 'b200eda856f233b79f1da46f9eee05b80de6a5b97fba082cfc66498027dce4e2');
INSERT INTO made_by_0_1.peaks3feed_file VALUES ('e3e16399-a769-4e2c-9eef-23e7533ac5ea', 'pg_events', 'shop', 'events/a.ndjson', 1, '0cf667ceb0986cbb36a039883ee647f9', 121, 'ad108ce1b09e08f92f0b7a049d9a9441b5a7ce6a66fe8a916c7d10c38e95db19');
INSERT INTO made_by_0_1.peaks3feed_file VALUES ('c97a9cb6-b02c-4776-a70a-9f6d604146f5', 'pg_zeros', 'shop', 'zeros/a.csv', 1, '57b2357172227983f377d118ce994478', 46, '5e0ff1b641aff1697a0e22781845a37cd11ba07603b54edfdd3f889420e0cb52');


--
-- Data for Name: peaks3feed_load; Type: TABLE DATA; Schema: made_by_0_1; Owner: -
--

INSERT INTO made_by_0_1.peaks3feed_load VALUES ('89c2b51b-6769-439b-ba82-bd8943c10e83', 'pg_append', 1, '80499414d72dcda8e13ea043b0c77053a11c12c1ce99b96187875be724d4e7ab', '2adcd6c3-027e-4cd2-9b08-efe1b1926175', 'Append', 4, 2, 304, '2026-11-28T20:39:13.334130Z', 1);
INSERT INTO made_by_0_1.peaks3feed_load VALUES ('d0fbba1e-5f7f-4447-85fb-e9eb0acfb100', 'pg_upsert', 1, '4e1533c2ce384af210c777bba2c9a12d71aa210a3136c3db24abc7f7366b0f30', '64da8fdd-9311-4844-80d0-92bbc20a95d3', 'Upsert', 3, 1, 63, '2026-11-28T20:39:13.943320Z', 1);
INSERT INTO made_by_0_1.peaks3feed_load VALUES ('26e2b804-c2a4-4cbb-8685-63f098db300d', 'pg_replace', 1, 'b200eda856f233b79f1da46f9eee05b80de6a5b97fba082cfc66498027dce4e2', '670c284c-99ee-43ec-b0e1-71c6b627b853', 'Replace', 2, 1, 20, '2026-11-28T20:39:14.287615Z', 1);
INSERT INTO made_by_0_1.peaks3feed_load VALUES ('e3e16399-a769-4e2c-9eef-23e7533ac5ea', 'pg_events', 1, 'ad108ce1b09e08f92f0b7a049d9a9441b5a7ce6a66fe8a916c7d10c38e95db19', 'b6b91809-7f9a-4e4a-a317-6dc897251f2f', 'Append', 2, 1, 121, '2026-11-28T20:39:14.603429Z', 1);
INSERT INTO made_by_0_1.peaks3feed_load VALUES ('c97a9cb6-b02c-4776-a70a-9f6d604146f5', 'pg_zeros', 1, '5e0ff1b641aff1697a0e22781845a37cd11ba07603b54edfdd3f889420e0cb52', '55ebe503-6f19-4da0-8f68-3ca617d1124b', 'Upsert', 3, 1, 46, '2026-11-28T20:39:14.916460Z', 1);


--
-- Data for Name: peaks3feed_lock; Type: TABLE DATA; Schema: made_by_0_1; Owner: -
--

INSERT INTO made_by_0_1.peaks3feed_lock VALUES ('89c2b51b-6769-439b-ba82-bd8943c10e83', 'pg_append', 1, 1, 1, 'Append', '[{"name":"order_id","field":"Order ID","type":"bigint"},{"name":"customer","field":"Customer","type":"text"},{"name":"zip","field":"Zip","type":"text"},{"name":"amount","field":"Amount","type":"decimal(38,2)"},{"name":"ordered_at","field":"Ordered At","type":"timestamptz"},{"name":"paid","field":"Paid","type":"boolean"},{"name":"note","field":"Note","type":"text"}]', NULL, '2adcd6c3-027e-4cd2-9b08-efe1b1926175', 'vm', 26527, '2026-11-28T20:39:11.276918Z');
INSERT INTO made_by_0_1.peaks3feed_lock VALUES ('d0fbba1e-5f7f-4447-85fb-e9eb0acfb100', 'pg_upsert', 1, 1, 1, 'Upsert', '[{"name":"code","field":"Code","type":"text"},{"name":"name","field":"Name","type":"text"},{"name":"price","field":"Price","type":"decimal(38,2)"}]', NULL, '64da8fdd-9311-4844-80d0-92bbc20a95d3', 'vm', 26527, '2026-11-28T20:39:13.754443Z');
INSERT INTO made_by_0_1.peaks3feed_lock VALUES ('26e2b804-c2a4-4cbb-8685-63f098db300d', 'pg_replace', 1, 1, 1, 'Replace', '[{"name":"id","field":"id","type":"bigint"},{"name":"name","field":"name","type":"text"}]', 'b6d3dd9e3deaf220bd89bd92bd44c3f31943071f9fde3d3c2ffdf04eb400ff5e', '670c284c-99ee-43ec-b0e1-71c6b627b853', 'vm', 26527, '2026-11-28T20:39:14.103499Z');
INSERT INTO made_by_0_1.peaks3feed_lock VALUES ('e3e16399-a769-4e2c-9eef-23e7533ac5ea', 'pg_events', 1, 1, 1, 'Append', '[{"name":"id","field":"id","type":"bigint"},{"name":"at","field":"at","type":"timestamptz"},{"name":"data","field":"data","type":"json"},{"name":"big","field":"big","type":"bigint"},{"name":"flag","field":"flag","type":"boolean"}]', NULL, 'b6b91809-7f9a-4e4a-a317-6dc897251f2f', 'vm', 26527, '2026-11-28T20:39:14.360263Z');
INSERT INTO made_by_0_1.peaks3feed_lock VALUES ('c97a9cb6-b02c-4776-a70a-9f6d604146f5', 'pg_zeros', 1, 1, 1, 'Upsert', '[{"name":"version","field":"Version","type":"decimal(38,2)"},{"name":"label","field":"Label","type":"text"}]', NULL, '55ebe503-6f19-4da0-8f68-3ca617d1124b', 'vm', 26527, '2026-11-28T20:39:14.770977Z');


--
-- Data for Name: pg_append; Type: TABLE DATA; Schema: made_by_0_1; Owner: -
--

INSERT INTO made_by_0_1.pg_append VALUES (1, 'Ann', '02134', 19.90, '2026-01-01 08:15:00+00', true, NULL, '2026-11-28 20:39:13.33413+00', 's3://shop/append/a.csv', '2adcd6c3-027e-4cd2-9b08-efe1b1926175');
INSERT INTO made_by_0_1.pg_append VALUES (2, 'Bo, Jr.', '00501', 5.00, '2026-01-01 09:30:00+00', false, 'two
lines', '2026-11-28 20:39:13.33413+00', 's3://shop/append/a.csv', '2adcd6c3-027e-4cd2-9b08-efe1b1926175');
INSERT INTO made_by_0_1.pg_append VALUES (3, 'Ça', '10001', 7.00, '2026-01-02 00:00:00+00', NULL, '', '2026-11-28 20:39:13.33413+00', 's3://shop/append/a.csv', '2adcd6c3-027e-4cd2-9b08-efe1b1926175');
INSERT INTO made_by_0_1.pg_append VALUES (4, 'Dee', '99999', 0.10, '2026-01-03 10:00:00+00', true, 'x', '2026-11-28 20:39:13.33413+00', 's3://shop/append/b.csv.gz', '2adcd6c3-027e-4cd2-9b08-efe1b1926175');


--
-- Data for Name: pg_events; Type: TABLE DATA; Schema: made_by_0_1; Owner: -
--

INSERT INTO made_by_0_1.pg_events VALUES (1, '2025-12-31 22:00:00+00', '{"a": [1, 2.50]}', 9007199254740993, NULL, '2026-11-28 20:39:14.603429+00', 's3://shop/events/a.ndjson', 'b6b91809-7f9a-4e4a-a317-6dc897251f2f');
INSERT INTO made_by_0_1.pg_events VALUES (2, NULL, NULL, NULL, true, '2026-11-28 20:39:14.603429+00', 's3://shop/events/a.ndjson', 'b6b91809-7f9a-4e4a-a317-6dc897251f2f');


--
-- Data for Name: pg_replace; Type: TABLE DATA; Schema: made_by_0_1; Owner: -
--

INSERT INTO made_by_0_1.pg_replace VALUES (1, 'one', '2026-11-28 20:39:14.287615+00', 's3://shop/replace/a.psv', '670c284c-99ee-43ec-b0e1-71c6b627b853');
INSERT INTO made_by_0_1.pg_replace VALUES (2, 'two', '2026-11-28 20:39:14.287615+00', 's3://shop/replace/a.psv', '670c284c-99ee-43ec-b0e1-71c6b627b853');


--
-- Data for Name: pg_upsert; Type: TABLE DATA; Schema: made_by_0_1; Owner: -
--

INSERT INTO made_by_0_1.pg_upsert VALUES ('A', 'apple two', 1.20, '2026-11-28 20:39:13.94332+00', 's3://shop/upsert/a.csv', '64da8fdd-9311-4844-80d0-92bbc20a95d3', '2026-11-28 20:39:13.94332+00');
INSERT INTO made_by_0_1.pg_upsert VALUES ('B', 'b "q"', 2.20, '2026-11-28 20:39:13.94332+00', 's3://shop/upsert/a.csv', '64da8fdd-9311-4844-80d0-92bbc20a95d3', '2026-11-28 20:39:13.94332+00');


--
-- Data for Name: pg_zeros; Type: TABLE DATA; Schema: made_by_0_1; Owner: -
--

INSERT INTO made_by_0_1.pg_zeros VALUES (3.10, 'second', '2026-11-28 20:39:14.91646+00', 's3://shop/zeros/a.csv', '55ebe503-6f19-4da0-8f68-3ca617d1124b', '2026-11-28 20:39:14.91646+00');
INSERT INTO made_by_0_1.pg_zeros VALUES (4.00, 'third', '2026-11-28 20:39:14.91646+00', 's3://shop/zeros/a.csv', '55ebe503-6f19-4da0-8f68-3ca617d1124b', '2026-11-28 20:39:14.91646+00');


--
-- Name: peaks3feed_file peaks3feed_file_pkey; Type: CONSTRAINT; Schema: made_by_0_1; Owner: -
--

ALTER TABLE ONLY made_by_0_1.peaks3feed_file
    ADD CONSTRAINT peaks3feed_file_pkey PRIMARY KEY (feed_id, table_name, bucket, object_key, generation);


--
-- Name: peaks3feed_load peaks3feed_load_pkey; Type: CONSTRAINT; Schema: made_by_0_1; Owner: -
--

ALTER TABLE ONLY made_by_0_1.peaks3feed_load
    ADD CONSTRAINT peaks3feed_load_pkey PRIMARY KEY (feed_id, table_name, sequence);


--
-- Name: peaks3feed_lock peaks3feed_lock_pkey; Type: CONSTRAINT; Schema: made_by_0_1; Owner: -
--

ALTER TABLE ONLY made_by_0_1.peaks3feed_lock
    ADD CONSTRAINT peaks3feed_lock_pkey PRIMARY KEY (feed_id, table_name);


--
-- Name: pg_upsert pg_upsert_pkey; Type: CONSTRAINT; Schema: made_by_0_1; Owner: -
--

ALTER TABLE ONLY made_by_0_1.pg_upsert
    ADD CONSTRAINT pg_upsert_pkey PRIMARY KEY (code);


--
-- Name: pg_zeros pg_zeros_pkey; Type: CONSTRAINT; Schema: made_by_0_1; Owner: -
--

ALTER TABLE ONLY made_by_0_1.pg_zeros
    ADD CONSTRAINT pg_zeros_pkey PRIMARY KEY (version);


--
-- PostgreSQL database dump complete
--


