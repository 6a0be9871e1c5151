-- Requests: written once with their effect, forgotten no sooner than a day later.

CREATE FUNCTION ledger_request_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_request_stamp BEFORE INSERT ON ledger_request FOR EACH ROW
  EXECUTE FUNCTION ledger_request_stamp();

CREATE TRIGGER ledger_request_forever BEFORE UPDATE ON ledger_request FOR EACH ROW
  EXECUTE FUNCTION ledger_refuse('ledger_request_forever', 'what was answered stays answered');
CREATE FUNCTION ledger_request_kept() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF OLD.created_at > clock_timestamp() - interval '24 hours' THEN
    RAISE EXCEPTION 'request % is not a day old', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_request_kept_a_day';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER ledger_request_kept_a_day BEFORE DELETE ON ledger_request FOR EACH ROW
  EXECUTE FUNCTION ledger_request_kept();
CREATE TRIGGER ledger_request_forever_whole BEFORE TRUNCATE ON ledger_request FOR EACH STATEMENT
  EXECUTE FUNCTION ledger_refuse('ledger_request_forever', 'what was answered stays answered');

-- Takes the key for this transaction, then looks whether it was answered: two statements, so that the
-- second sees what another transaction committed while the first waited.
CREATE FUNCTION ledger_find_request(its_client text, its_key text, wait boolean)
RETURNS TABLE (is_busy boolean, content_hash bytea, result jsonb)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  lock_number bigint := hashtextextended(its_client || E'\n' || its_key, 0);
BEGIN
  IF wait THEN
    PERFORM pg_advisory_xact_lock(lock_number);
  ELSIF NOT pg_try_advisory_xact_lock(lock_number) THEN
    RETURN QUERY SELECT true, NULL::bytea, NULL::jsonb;
    RETURN;
  END IF;
  RETURN QUERY SELECT false, r.content_hash, r.result FROM ledger_request r
                WHERE r.client = its_client AND r.key = its_key;
END $$;

-- The only way for the application's role, which may not DELETE, to forget old keys.
CREATE FUNCTION ledger_forget_requests(age interval) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  WITH gone AS (DELETE FROM ledger_request WHERE created_at < clock_timestamp() - age RETURNING 1)
  SELECT count(*) FROM gone
$$;
