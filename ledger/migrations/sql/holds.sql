-- Holds: placed by one row, ended by one row, both for ever. `held` follows under the account's lock.

ALTER TABLE ledger_hold ADD CONSTRAINT ledger_hold_account_known
  FOREIGN KEY (account_id) REFERENCES ledger_account;
ALTER TABLE ledger_holdend
  ADD CONSTRAINT ledger_holdend_hold_known FOREIGN KEY (hold_id) REFERENCES ledger_hold,
  ADD CONSTRAINT ledger_holdend_account_known FOREIGN KEY (account_id) REFERENCES ledger_account;

CREATE FUNCTION ledger_hold_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  its_kind text;
BEGIN
  IF num_nonnulls(NEW.created_at, NEW.seq, NEW.held_after) > 0 THEN
    RAISE EXCEPTION 'a hold is numbered here; it cannot be loaded'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_hold_not_loaded';
  END IF;
  SELECT kind INTO its_kind FROM ledger_account WHERE id = NEW.account_id;
  IF its_kind IS DISTINCT FROM 'member' THEN
    RAISE EXCEPTION 'account % is no member''s', NEW.account_id
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_hold_on_member';
  END IF;
  UPDATE ledger_account SET held = held + NEW.points, hold_seq = hold_seq + 1
   WHERE id = NEW.account_id RETURNING hold_seq, held INTO NEW.seq, NEW.held_after;
  NEW.id := nextval('ledger_hold_id_seq');
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_hold_place BEFORE INSERT ON ledger_hold FOR EACH ROW
  EXECUTE FUNCTION ledger_hold_place();

CREATE FUNCTION ledger_holdend_apply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  hold ledger_hold;
BEGIN
  IF num_nonnulls(NEW.created_at, NEW.account_id, NEW.seq, NEW.held_after) > 0 THEN
    RAISE EXCEPTION 'the end of a hold is numbered here; it cannot be loaded'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_holdend_not_loaded';
  END IF;
  SELECT * INTO hold FROM ledger_hold WHERE id = NEW.hold_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'hold % is not there', NEW.hold_id
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_holdend_hold_known';
  END IF;
  -- The account's lock first, then the question whether it has ended: two ends at once are one.
  PERFORM FROM ledger_account WHERE id = hold.account_id FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM ledger_holdend WHERE hold_id = NEW.hold_id) THEN
    RAISE EXCEPTION 'hold % has ended', NEW.hold_id
      USING ERRCODE = 'unique_violation', CONSTRAINT = 'ledger_holdend_pkey';
  END IF;
  UPDATE ledger_account SET held = held - hold.points, hold_seq = hold_seq + 1
   WHERE id = hold.account_id RETURNING id, hold_seq, held
    INTO NEW.account_id, NEW.seq, NEW.held_after;
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_holdend_apply BEFORE INSERT ON ledger_holdend FOR EACH ROW
  EXECUTE FUNCTION ledger_holdend_apply();

-- A capture stands on the posting that names the hold: a foreign key both ways, at the end of the
-- transaction because the end is written a moment before its posting.
CREATE FUNCTION ledger_holdend_captured() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger_posting WHERE id = NEW.posting_id AND hold_id = NEW.hold_id) THEN
    RAISE EXCEPTION 'hold % was captured by no posting', NEW.hold_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_holdend_captured';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_holdend_captured AFTER INSERT ON ledger_holdend
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.how = 'captured')
  EXECUTE FUNCTION ledger_holdend_captured();

CREATE TRIGGER ledger_hold_forever BEFORE UPDATE OR DELETE ON ledger_hold FOR EACH ROW
  EXECUTE FUNCTION ledger_refuse('ledger_hold_forever', 'holds are only added');
CREATE TRIGGER ledger_hold_forever_whole BEFORE TRUNCATE ON ledger_hold FOR EACH STATEMENT
  EXECUTE FUNCTION ledger_refuse('ledger_hold_forever', 'holds are only added');
CREATE TRIGGER ledger_holdend_forever BEFORE UPDATE OR DELETE ON ledger_holdend FOR EACH ROW
  EXECUTE FUNCTION ledger_refuse('ledger_holdend_forever', 'a hold ends once');
CREATE TRIGGER ledger_holdend_forever_whole BEFORE TRUNCATE ON ledger_holdend FOR EACH STATEMENT
  EXECUTE FUNCTION ledger_refuse('ledger_holdend_forever', 'a hold ends once');
