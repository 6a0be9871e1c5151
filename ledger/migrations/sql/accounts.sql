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

CREATE FUNCTION ledger_account_open() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  debtor ledger_account;
BEGIN
  -- A restore of rows alone, or a fixture, would bring balances that no posting explains.
  IF NEW.balance <> 0 OR NEW.held <> 0 OR NEW.seq <> 0 OR NEW.hold_seq <> 0 OR NEW.head <> '' THEN
    RAISE EXCEPTION 'an account starts with nothing'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_born_empty';
  END IF;
  IF NOT (CASE
    WHEN NEW.kind = 'member' THEN NEW.counted AND NEW.debtor_id IS NULL
    WHEN NEW.kind = 'debt' THEN NEW.counted AND NEW.debtor_id IS NOT NULL
    WHEN NEW.kind IN ('issue', 'opening', 'shop', 'expired', 'wish_fund')
      THEN NOT NEW.counted AND NEW.debtor_id IS NULL
    ELSE false END) THEN
    RAISE EXCEPTION 'no account of kind % is like this', NEW.kind
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_counted_by_kind';
  END IF;
  -- By its id alone: the planner might begin at the members of the book and read them all.
  SELECT * INTO debtor FROM ledger_account WHERE id = NEW.debtor_id;
  IF NEW.debtor_id IS NOT NULL
     AND (debtor.kind, debtor.book) IS DISTINCT FROM ('member', NEW.book) THEN
    RAISE EXCEPTION 'account % is no member of book %', NEW.debtor_id, NEW.book
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_debtor_is_member';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_open BEFORE INSERT ON ledger_account FOR EACH ROW
  EXECUTE FUNCTION ledger_account_open();

-- Triggers on UPDATE name their columns rather than a WHEN: PostgreSQL reads a WHEN anew for each
-- statement, and every posting updates an account.
CREATE TRIGGER ledger_account_frozen BEFORE UPDATE OF id, book, kind, counted, debtor_id
  ON ledger_account FOR EACH ROW
  EXECUTE FUNCTION ledger_refuse('ledger_account_frozen', 'what an account is never changes');

-- Each posting is spent on exactly one change of the balance: the line number rises by one, and by the
-- end of the transaction the line with that number stands there, of that very size. Points advanced are
-- used by a reversal in the member's very next line: nobody is simply lent points.
CREATE FUNCTION ledger_account_paired() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  line ledger_posting;
BEGIN
  IF NEW.seq = OLD.seq + 1 AND NEW.balance < OLD.balance THEN
    SELECT * INTO line FROM ledger_posting
      WHERE source_id = NEW.id AND source_seq = NEW.seq AND source_after = NEW.balance
        AND points = OLD.balance - NEW.balance AND hash = NEW.head;
  ELSIF NEW.seq = OLD.seq + 1 THEN
    SELECT * INTO line FROM ledger_posting
      WHERE target_id = NEW.id AND target_seq = NEW.seq AND target_after = NEW.balance
        AND points = NEW.balance - OLD.balance AND hash = NEW.head;
  END IF;
  IF line.id IS NULL THEN
    RAISE EXCEPTION 'the balance of account % moved without its posting', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_paired',
            HINT = 'The posting comes last: SET CONSTRAINTS … IMMEDIATE leaves it no time.';
  END IF;
  IF line.kind = 'advance' AND line.target_id = NEW.id AND NOT EXISTS (
       SELECT FROM ledger_posting
        WHERE source_id = NEW.id AND source_seq = NEW.seq + 1
          AND kind = 'reversal' AND points >= line.points) THEN
    RAISE EXCEPTION 'posting % advances points that no reversal takes', line.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_advance_used';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_account_paired AFTER UPDATE OF balance, seq, head ON ledger_account
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_account_paired();

-- The same for what is held: each hold and each end of a hold is spent on exactly one change of it.
CREATE FUNCTION ledger_account_held_paired() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.hold_seq = OLD.hold_seq + 1 AND NEW.held > OLD.held THEN
    PERFORM FROM ledger_hold
      WHERE account_id = NEW.id AND seq = NEW.hold_seq AND held_after = NEW.held
        AND points = NEW.held - OLD.held;
  ELSIF NEW.hold_seq = OLD.hold_seq + 1 THEN
    -- Not a join: the planner might begin at the holds and read every one there is.
    PERFORM FROM ledger_holdend e
      WHERE e.account_id = NEW.id AND e.seq = NEW.hold_seq AND e.held_after = NEW.held
        AND (SELECT points FROM ledger_hold WHERE id = e.hold_id) = OLD.held - NEW.held;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'what account % holds moved without a hold or its end', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_held_paired';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_account_held_paired AFTER UPDATE OF held, hold_seq ON ledger_account
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_account_held_paired();

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
