-- Closings: the sum of a system account up to a posting, so that a balance need not add up a lifetime.

ALTER TABLE ledger_closing ADD CONSTRAINT ledger_closing_account_known
  FOREIGN KEY (account_id) REFERENCES ledger_account;

-- Ids are no order of commits, so that a closing needs a moment in which no posting is on its way:
-- SHARE waits for those that are and keeps others out until this transaction ends. After that every
-- new posting has a higher id than all that are there.
CREATE FUNCTION ledger_closing_add_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  last ledger_closing;
BEGIN
  IF num_nonnulls(NEW.created_at, NEW.through_id, NEW.balance) > 0 THEN
    RAISE EXCEPTION 'a closing is added up here; it cannot be loaded'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_closing_not_loaded';
  END IF;
  IF NOT EXISTS (SELECT FROM ledger_account WHERE id = NEW.account_id AND NOT counted) THEN
    RAISE EXCEPTION 'account % is no system account', NEW.account_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_closing_of_system_account';
  END IF;
  LOCK TABLE ledger_posting IN SHARE MODE;
  SELECT * INTO last FROM ledger_closing
   WHERE account_id = NEW.account_id ORDER BY through_id DESC LIMIT 1;
  SELECT max(id) INTO NEW.through_id FROM ledger_posting;
  IF NEW.through_id IS NULL OR NEW.through_id <= last.through_id THEN
    RETURN NULL;  -- nothing was posted since
  END IF;
  NEW.balance := coalesce(last.balance, 0)
    + (SELECT coalesce(sum(points), 0) FROM ledger_posting
        WHERE target_id = NEW.account_id AND target_seq IS NULL AND id > coalesce(last.through_id, 0))
    - (SELECT coalesce(sum(points), 0) FROM ledger_posting
        WHERE source_id = NEW.account_id AND source_seq IS NULL AND id > coalesce(last.through_id, 0));
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_closing_add_up BEFORE INSERT ON ledger_closing FOR EACH ROW
  EXECUTE FUNCTION ledger_closing_add_up();

CREATE TRIGGER ledger_closing_forever BEFORE UPDATE OR DELETE ON ledger_closing FOR EACH ROW
  EXECUTE FUNCTION ledger_refuse('ledger_closing_forever', 'closings are only added');
CREATE TRIGGER ledger_closing_forever_whole BEFORE TRUNCATE ON ledger_closing FOR EACH STATEMENT
  EXECUTE FUNCTION ledger_refuse('ledger_closing_forever', 'closings are only added');
