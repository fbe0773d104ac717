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

WORDS = """
CREATE FUNCTION incident_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := array_to_tsvector(
    incident_bigrams(concat_ws(' ', NEW.title, NEW.address, left(NEW.text, 5000)))
    || ARRAY['#' || NEW.number, '#' || right(NEW.number, 6)]);
  RETURN NEW;
END
$$
"""

TRIGGER = """
CREATE TRIGGER incident_words
BEFORE INSERT OR UPDATE OF number, title, address, text ON incidents_incident
FOR EACH ROW EXECUTE FUNCTION incident_words()
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
        migrations.RunSQL(WORDS, "DROP FUNCTION incident_words()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER incident_words ON incidents_incident"),
        *[migrations.RunSQL(forward, backward) for forward, backward in INDEXES],
    ]
