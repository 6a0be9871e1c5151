-- Accounts: born empty, never taken away, and moved only by the row that explains the move.
-- Every function is pinned to the schema it was made in, pg_temp last: two installations may live in
-- two schemas of one database, and a temporary table can never pass for a real one.

ALTER TABLE ledger_account SET (fillfactor = 70);
ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_debtor_known
  FOREIGN KEY (debtor_id) REFERENCES ledger_account;

-- The one way to say no. Arguments: the name the error carries, and why.
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION '% on % refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[1]
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_ARGV[0],
          SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER ledger_account_born_empty BEFORE INSERT ON ledger_account FOR EACH ROW
  WHEN (NEW.balance <> 0 OR NEW.held <> 0 OR NEW.seq <> 0 OR NEW.hold_seq <> 0 OR NEW.head <> '')
  EXECUTE FUNCTION ledger_refuse('ledger_account_born_empty', 'an account starts with nothing');

CREATE FUNCTION ledger_account_debtor() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger_account
                  WHERE id = NEW.debtor_id AND kind = 'member' AND book = NEW.book) THEN
    RAISE EXCEPTION 'account % is no member of book %', NEW.debtor_id, NEW.book
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_debtor_is_member';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_debtor_is_member BEFORE INSERT ON ledger_account FOR EACH ROW
  WHEN (NEW.debtor_id IS NOT NULL) EXECUTE FUNCTION ledger_account_debtor();

CREATE TRIGGER ledger_account_frozen BEFORE UPDATE ON ledger_account FOR EACH ROW
  WHEN ((OLD.id, OLD.book, OLD.kind, OLD.counted, OLD.debtor_id)
        IS DISTINCT FROM (NEW.id, NEW.book, NEW.kind, NEW.counted, NEW.debtor_id))
  EXECUTE FUNCTION ledger_refuse('ledger_account_frozen', 'what an account is never changes');

-- One step at a time: each posting is spent on exactly one change of the balance, each hold and each
-- end of a hold on exactly one change of what is held. The counters only ever rise by one …
CREATE TRIGGER ledger_account_balance_step BEFORE UPDATE ON ledger_account FOR EACH ROW
  WHEN ((OLD.balance, OLD.seq, OLD.head) IS DISTINCT FROM (NEW.balance, NEW.seq, NEW.head)
        AND NEW.seq <> OLD.seq + 1)
  EXECUTE FUNCTION ledger_refuse('ledger_account_paired', 'a balance moves one posting at a time');
CREATE TRIGGER ledger_account_held_step BEFORE UPDATE ON ledger_account FOR EACH ROW
  WHEN ((OLD.held, OLD.hold_seq) IS DISTINCT FROM (NEW.held, NEW.hold_seq)
        AND NEW.hold_seq <> OLD.hold_seq + 1)
  EXECUTE FUNCTION ledger_refuse('ledger_account_held_paired', 'held points move one hold at a time');

-- … and by the end of the transaction the row with that number must stand there, of that very size.
CREATE FUNCTION ledger_account_paired() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger_posting
                  WHERE source_id = NEW.id AND source_seq = NEW.seq AND source_after = NEW.balance
                    AND points = OLD.balance - NEW.balance AND hash = NEW.head)
     AND NOT EXISTS (SELECT FROM ledger_posting
                  WHERE target_id = NEW.id AND target_seq = NEW.seq AND target_after = NEW.balance
                    AND points = NEW.balance - OLD.balance AND hash = NEW.head) THEN
    RAISE EXCEPTION 'the balance of account % moved without its posting', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_paired';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_account_paired AFTER UPDATE ON ledger_account
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.balance, OLD.seq, OLD.head) IS DISTINCT FROM (NEW.balance, NEW.seq, NEW.head))
  EXECUTE FUNCTION ledger_account_paired();

CREATE FUNCTION ledger_account_held_paired() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger_hold
                  WHERE account_id = NEW.id AND seq = NEW.hold_seq AND held_after = NEW.held
                    AND points = NEW.held - OLD.held)
     AND NOT EXISTS (SELECT FROM ledger_holdend e JOIN ledger_hold h ON h.id = e.hold_id
                  WHERE e.account_id = NEW.id AND e.seq = NEW.hold_seq AND e.held_after = NEW.held
                    AND h.account_id = NEW.id AND h.points = OLD.held - NEW.held) THEN
    RAISE EXCEPTION 'what account % holds moved without a hold or its end', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_held_paired';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_account_held_paired AFTER UPDATE ON ledger_account
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.held, OLD.hold_seq) IS DISTINCT FROM (NEW.held, NEW.hold_seq))
  EXECUTE FUNCTION ledger_account_held_paired();

CREATE TRIGGER ledger_account_forever BEFORE DELETE ON ledger_account FOR EACH ROW
  EXECUTE FUNCTION ledger_refuse('ledger_account_forever', 'accounts stay');
CREATE TRIGGER ledger_account_forever_whole BEFORE TRUNCATE ON ledger_account FOR EACH STATEMENT
  EXECUTE FUNCTION ledger_refuse('ledger_account_forever', 'accounts stay');

-- Locks the counted accounts among `ids`, lowest id first, and returns them as they now are. System
-- accounts are never locked: every counter writes to them. Runs with the owner's rights, so that the
-- application's role needs no right to UPDATE an account.
CREATE FUNCTION ledger_lock_accounts(ids bigint[]) RETURNS SETOF ledger_account
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT * FROM ledger_account WHERE id = ANY (ids) AND counted ORDER BY id FOR NO KEY UPDATE
$$;
