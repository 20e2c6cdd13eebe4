-- Each line of the audit carries the SHA-256 of itself and of the line before it: whoever changes, removes or
-- slips in a line, even past the triggers, breaks the chain at that place.

-- What is hashed: every column that has a value, the hash left out, as jsonb writes it. Columns that come later are
-- part of it for lines that come later.
CREATE FUNCTION audit_canonical(line audit) RETURNS text LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
  SELECT jsonb_object_agg(key, value)::text FROM jsonb_each(to_jsonb(line) - 'hash') WHERE value <> 'null'
$$;
--> statement-breakpoint
CREATE FUNCTION chain_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  latest record;
BEGIN
  -- Held to the end of the transaction: the next line sees this one committed, or gone.
  PERFORM pg_advisory_xact_lock(hashtextextended('proctor audit chain', 0));
  SELECT id, hash INTO latest FROM audit ORDER BY id DESC LIMIT 1;
  -- Its number was given out before the lock; the chain goes in the order of the numbers.
  IF NEW.id <= latest.id THEN
    NEW.id := nextval(pg_get_serial_sequence('audit', 'id'));
  END IF;
  NEW.prev_hash := coalesce(latest.hash, repeat('0', 64));
  NEW.hash := encode(sha256(convert_to(audit_canonical(NEW), 'UTF8')), 'hex');
  RETURN NEW;
END;
$$;
--> statement-breakpoint
ALTER TABLE "audit" DISABLE TRIGGER audit_append_only;
--> statement-breakpoint
DO $$
DECLARE
  line audit;
  previous text := repeat('0', 64);
BEGIN
  FOR line IN SELECT * FROM audit ORDER BY id LOOP
    line.prev_hash := previous;
    previous := encode(sha256(convert_to(audit_canonical(line), 'UTF8')), 'hex');
    UPDATE audit SET prev_hash = line.prev_hash, hash = previous WHERE id = line.id;
  END LOOP;
END;
$$;
--> statement-breakpoint
ALTER TABLE "audit" ENABLE TRIGGER audit_append_only;
--> statement-breakpoint
-- No line has two successors; a transaction that looks at an older moment (REPEATABLE READ) fails here instead.
CREATE UNIQUE INDEX "audit_one_successor" ON "audit" ("prev_hash");
--> statement-breakpoint
CREATE TRIGGER audit_chained BEFORE INSERT ON "audit" FOR EACH ROW EXECUTE FUNCTION chain_audit();
