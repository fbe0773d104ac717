"""What Django's models cannot say: the running number, the search words, and the index over places."""

from django.db import migrations

NUMBER = "CREATE SEQUENCE incident_number MINVALUE 1 MAXVALUE 999999 CYCLE"

# Pairs of neighbouring characters, so that any two characters of Chinese find their text. Full width and
# half width are one; what is not a letter or a figure parts words.
BIGRAMS = r"""
CREATE FUNCTION incident_bigrams(txt text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT c || n), '{}')
  FROM (
    SELECT c, lead(c) OVER (ORDER BY place) AS n
    FROM unnest(string_to_array(translate(lower(normalize(txt, NFKC)),
           E'!"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r\f\v，。、；：？！《》〈〉“”‘’—·【】「」『』〔〕（）',
           repeat(' ', 70)), NULL))
         WITH ORDINALITY AS chars(c, place)) AS pairs
  WHERE c <> ' ' AND n <> ' '
$$
"""

# Beside its words a case bears who may see it: areas, units, people, partner. A search then asks the index
# for both at once, and never walks through a city's cases to find that none of a street is among them.
SEARCH_WORDS = """
CREATE FUNCTION incident_search_words(
  number text, title text, address text, txt text, area_code text, units bigint[],
  reporter bigint, checker bigint, client bigint) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(
    incident_bigrams(concat_ws(' ', title, address, left(txt, 5000)))
    || ARRAY['#' || number, '#' || right(number, 6)]
    || ARRAY(SELECT '@' || left(area_code, digits) FROM unnest(ARRAY[6, 9, 12, 15]) AS digits
             WHERE length(area_code) >= digits)
    || ARRAY(SELECT DISTINCT '~' || unit FROM unnest(units) AS unit)
    || array_remove(ARRAY['^' || reporter, '^' || checker, '$' || client], NULL))
$$
"""

WORDS = """
CREATE FUNCTION incident_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := incident_search_words(NEW.number, NEW.title, NEW.address, NEW.text, NEW.area_code,
    NEW.units, NEW.reporter_id, NEW.checker_id, NEW.client_id);
  RETURN NEW;
END
$$
"""

TRIGGER = """
CREATE TRIGGER incident_words
BEFORE INSERT OR UPDATE OF number, title, address, text, area_code, units, reporter_id, checker_id, client_id
ON incidents_incident
FOR EACH ROW EXECUTE FUNCTION incident_words()
"""

# The planner takes words for independent of each other and may walk through millions of rows for two that
# never meet. Few matches are therefore taken from the index first (it knows), and many are left to the planner.
MATCHES = """
CREATE FUNCTION incident_matches(question tsquery, most integer) RETURNS bigint[]
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  plan json;
  found bigint[];
BEGIN
  EXECUTE format('EXPLAIN (FORMAT JSON) SELECT 1 FROM incidents_incident WHERE search @@ %L::tsquery', question)
    INTO plan;
  IF (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float > 0.05 *
     (SELECT greatest(reltuples, 100000) FROM pg_class WHERE oid = 'incidents_incident'::regclass) THEN
    RETURN NULL;
  END IF;
  EXECUTE format('SELECT array_agg(id) FROM (SELECT id FROM incidents_incident WHERE search @@ %L::tsquery'
                 ' LIMIT %s) AS few', question, most + 1) INTO found;
  RETURN CASE WHEN cardinality(found) > most THEN NULL ELSE coalesce(found, '{}') END;
END
$$
"""

PLACES = "incidents_incident USING gist (point(lon, lat))"
OPEN = """state IN ('reported', 'prechecking', 'filed', 'dispatched', 'handling', 'suspended', 'feedback',
 'verifying')"""

INDEXES = [
    (
        f"CREATE INDEX incident_place ON {PLACES} WHERE lon IS NOT NULL AND lat IS NOT NULL",
        "DROP INDEX incident_place",
    ),
    (
        f"CREATE INDEX incident_open_place ON {PLACES} WHERE lon IS NOT NULL AND lat IS NOT NULL AND {OPEN}",
        "DROP INDEX incident_open_place",
    ),
    (
        "CREATE INDEX incident_search ON incidents_incident USING gin (search)",
        "DROP INDEX incident_search",
    ),
    # Which words are common decides how a search is run: keep more of them in mind.
    (
        "ALTER TABLE incidents_incident ALTER COLUMN search SET STATISTICS 1000",
        "ALTER TABLE incidents_incident ALTER COLUMN search SET STATISTICS -1",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]

    operations = [
        migrations.RunSQL(NUMBER, "DROP SEQUENCE incident_number"),
        migrations.RunSQL(BIGRAMS, "DROP FUNCTION incident_bigrams(text)"),
        migrations.RunSQL(
            SEARCH_WORDS,
            "DROP FUNCTION incident_search_words(text, text, text, text, text, bigint[], bigint, bigint, bigint)",
        ),
        migrations.RunSQL(WORDS, "DROP FUNCTION incident_words()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER incident_words ON incidents_incident"),
        migrations.RunSQL(MATCHES, "DROP FUNCTION incident_matches(tsquery, integer)"),
        *[migrations.RunSQL(forward, backward) for forward, backward in INDEXES],
    ]
