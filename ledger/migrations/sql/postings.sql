-- Postings: one INSERT locks both accounts, checks, numbers, chains and applies. Then it stays.

INSERT INTO ledger_flowrule VALUES
  ('opening', 'opening', 'member',    true),
  ('earn',    'issue',   'member',    true),
  ('redeem',  'member',  'shop',      true),
  ('collect', 'member',  'shop',      true),
  ('gift',    'member',  'wish_fund', true),
  ('expire',  'member',  'expired',   true),
  ('advance', 'debt',    'member',    false),
  ('repay',   'member',  'debt',      false);
CREATE TRIGGER ledger_flowrule_fixed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_flowrule
  FOR EACH STATEMENT
  EXECUTE FUNCTION ledger_refuse('ledger_flowrule_fixed', 'only a migration changes what may flow');

-- No foreign key to the accounts: the trigger below reads both, accounts never go away, and a key would
-- share-lock the row of the shop in every counter's transaction.
ALTER TABLE ledger_posting
  ADD CONSTRAINT ledger_posting_original_known FOREIGN KEY (reverses_id) REFERENCES ledger_posting,
  ADD CONSTRAINT ledger_posting_hold_known FOREIGN KEY (hold_id) REFERENCES ledger_hold,
  -- Partial below instead: most postings neither reverse nor end a hold.
  DROP CONSTRAINT ledger_posting_reverses_id_key,
  DROP CONSTRAINT ledger_posting_hold_id_key;
CREATE UNIQUE INDEX ledger_posting_reversed_once ON ledger_posting (reverses_id)
  WHERE reverses_id IS NOT NULL;
CREATE UNIQUE INDEX ledger_posting_hold_once ON ledger_posting (hold_id) WHERE hold_id IS NOT NULL;
-- Each side of a posting stands in one of these: by line number for people, by id for system accounts.
CREATE UNIQUE INDEX ledger_posting_source_seq_once ON ledger_posting (source_id, source_seq)
  WHERE source_seq IS NOT NULL;
CREATE UNIQUE INDEX ledger_posting_target_seq_once ON ledger_posting (target_id, target_seq)
  WHERE target_seq IS NOT NULL;
CREATE INDEX ledger_posting_system_source ON ledger_posting (source_id, id) WHERE source_seq IS NULL;
CREATE INDEX ledger_posting_system_target ON ledger_posting (target_id, id) WHERE target_seq IS NULL;

-- The chain: each posting is hashed over the heads of both its accounts and all it says. Text, so that
-- anyone can compute it again: no setting of the server changes it. The memo, free text, comes last.
-- (No pinned schema here: it would keep the body from being taken into the query, and it names none.)
CREATE FUNCTION ledger_posting_digest(p ledger_posting, source_head bytea, target_head bytea)
RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(source_head || target_head || convert_to(format(
    '%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s',
    p.id, (extract(epoch FROM p.created_at) * 1000000)::bigint, p.kind, p.source_id, p.target_id,
    p.points, p.source_seq, p.target_seq, p.source_after, p.target_after, p.reverses_id, p.hold_id,
    p.by_id, p.effective_date - date '2000-01-01', p.memo), 'UTF8'))
$$;

CREATE FUNCTION ledger_posting_apply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  account  ledger_account;
  source   ledger_account;
  target   ledger_account;
  original ledger_posting;
  hold     ledger_hold;
  available bigint;
BEGIN
  -- A restore of rows alone, or a fixture, would move every balance a second time.
  IF num_nonnulls(NEW.created_at, NEW.source_seq, NEW.target_seq,
                  NEW.source_after, NEW.target_after, NEW.hash) > 0 THEN
    RAISE EXCEPTION 'a posting is numbered and chained here; it cannot be loaded'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_not_loaded';
  END IF;

  -- Lower id first: crossing postings cannot deadlock. System accounts are read, never locked.
  FOR account IN SELECT * FROM ledger_account WHERE id IN (NEW.source_id, NEW.target_id) AND counted
                  ORDER BY id FOR NO KEY UPDATE LOOP
    IF account.id = NEW.source_id THEN source := account; ELSE target := account; END IF;
  END LOOP;
  IF source.id IS NULL THEN SELECT * INTO source FROM ledger_account WHERE id = NEW.source_id; END IF;
  IF target.id IS NULL THEN SELECT * INTO target FROM ledger_account WHERE id = NEW.target_id; END IF;
  IF source.id IS NULL OR target.id IS NULL THEN
    RAISE EXCEPTION 'account % or % is not there', NEW.source_id, NEW.target_id
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_posting_accounts_known';
  END IF;
  IF source.book <> target.book THEN
    RAISE EXCEPTION 'account % and % are of different books', source.id, target.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_one_book';
  END IF;

  IF NEW.kind = 'reversal' THEN
    SELECT * INTO original FROM ledger_posting WHERE id = NEW.reverses_id;
    IF (original.source_id, original.target_id, original.points)
         IS DISTINCT FROM (NEW.target_id, NEW.source_id, NEW.points)
       OR NOT EXISTS (SELECT FROM ledger_flowrule f
                       WHERE f.kind = original.kind AND f.source_kind = target.kind
                         AND f.target_kind = source.kind AND f.is_reversible) THEN
      RAISE EXCEPTION 'a reversal mirrors one posting that may be reversed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_mirrors_original';
    END IF;
  ELSIF NEW.reverses_id IS NOT NULL THEN
    RAISE EXCEPTION 'only a reversal reverses'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_mirrors_original';
  ELSIF NOT EXISTS (SELECT FROM ledger_flowrule f
                     WHERE f.kind = NEW.kind AND f.source_kind = source.kind
                       AND f.target_kind = target.kind) THEN
    RAISE EXCEPTION '% does not flow from % to %', NEW.kind, source.kind, target.kind
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_flow_allowed';
  ELSIF source.debtor_id <> target.id OR target.debtor_id <> source.id THEN
    RAISE EXCEPTION 'a debt belongs to one member'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_own_debt';
  END IF;

  -- id and time under the lock: for every account the order of ids is the order of its lines.
  NEW.id := nextval('ledger_posting_id_seq');
  NEW.created_at := clock_timestamp();

  IF NEW.hold_id IS NOT NULL THEN
    SELECT * INTO hold FROM ledger_hold WHERE id = NEW.hold_id;
    IF hold.account_id IS DISTINCT FROM NEW.source_id
       OR NOT (hold.kind = 'special_order' AND NEW.kind = 'collect' AND NEW.points <= hold.points
               OR hold.kind = 'publicity' AND NEW.kind = 'reversal') THEN
      RAISE EXCEPTION 'hold % does not cover this posting', NEW.hold_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_hold_covers';
    END IF;
  END IF;
  -- The CHECK on the account says the same without the figures, which the caller needs.
  available := source.balance - source.held + coalesce(hold.points, 0);
  IF source.kind = 'member' AND available < NEW.points THEN
    RAISE EXCEPTION 'account % has % points available, % are needed', source.id, available, NEW.points
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_enough',
            DETAIL = json_build_object(
              'available', available, 'needed', NEW.points, 'account_id', source.id);
  END IF;
  IF NEW.hold_id IS NOT NULL THEN
    -- Its own trigger gives the points back to the account, of which this posting then takes them.
    INSERT INTO ledger_holdend (hold_id, how, posting_id, by_id, effective_date)
    VALUES (NEW.hold_id, 'captured', NEW.id, NEW.by_id, NEW.effective_date);
  END IF;

  IF source.counted THEN
    NEW.source_seq := source.seq + 1;
    NEW.source_after := source.balance - NEW.points;
  END IF;
  IF target.counted THEN
    NEW.target_seq := target.seq + 1;
    NEW.target_after := target.balance + NEW.points;
  END IF;
  NEW.hash := ledger_posting_digest(NEW, source.head, target.head);
  IF source.counted THEN
    UPDATE ledger_account SET balance = NEW.source_after, seq = NEW.source_seq, head = NEW.hash
     WHERE id = source.id;
  END IF;
  IF target.counted THEN
    UPDATE ledger_account SET balance = NEW.target_after, seq = NEW.target_seq, head = NEW.hash
     WHERE id = target.id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_posting_apply BEFORE INSERT ON ledger_posting FOR EACH ROW
  EXECUTE FUNCTION ledger_posting_apply();

CREATE TRIGGER ledger_posting_forever BEFORE UPDATE OR DELETE ON ledger_posting FOR EACH ROW
  EXECUTE FUNCTION ledger_refuse('ledger_posting_forever', 'postings are only added');
CREATE TRIGGER ledger_posting_forever_whole BEFORE TRUNCATE ON ledger_posting FOR EACH STATEMENT
  EXECUTE FUNCTION ledger_refuse('ledger_posting_forever', 'postings are only added');
