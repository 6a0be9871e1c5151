-- Line by line for each account: numbered 1, 2, 3 …, in the order of ids, each balance the one before and
-- the posting; the last is what the account says.
WITH line AS (
  SELECT source_id AS account_id, source_seq AS seq, id, -points AS points, source_after AS after
    FROM ledger_posting WHERE source_seq IS NOT NULL
  UNION ALL
  SELECT target_id, target_seq, id, points, target_after
    FROM ledger_posting WHERE target_seq IS NOT NULL
), ordered AS (
  SELECT line.*,
         row_number() OVER account AS position,
         lag(after, 1, 0::bigint) OVER account AS before,
         lag(id) OVER account AS id_before,
         lead(id) OVER account AS id_after
    FROM line WINDOW account AS (PARTITION BY account_id ORDER BY seq, id)
)
SELECT a.book AS book,
       format('account %s, line %s (posting %s): after %s follow %s points and a balance of %s',
              o.account_id, o.seq, o.id, o.before, o.points, o.after) AS what
  FROM ordered o LEFT JOIN ledger_account a ON a.id = o.account_id
 WHERE o.seq <> o.position OR o.after IS DISTINCT FROM o.before + o.points OR o.id <= o.id_before
    OR o.id_after IS NULL AND (a.seq, a.balance) IS DISTINCT FROM (o.seq, o.after)
UNION ALL
SELECT a.book, format('account %s says it has %s lines and has none', a.id, a.seq)
  FROM ledger_account a
 WHERE a.seq <> 0 AND NOT EXISTS (SELECT FROM line WHERE line.account_id = a.id)
