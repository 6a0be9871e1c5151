-- Holds and their ends, event by event for each account, like the lines of the balance.
WITH event AS (
  SELECT account_id, seq, points, held_after FROM ledger_hold
  UNION ALL
  SELECT e.account_id, e.seq, -h.points, e.held_after
    FROM ledger_holdend e LEFT JOIN ledger_hold h ON h.id = e.hold_id
), ordered AS (
  SELECT event.*,
         row_number() OVER account AS position,
         lag(held_after, 1, 0::bigint) OVER account AS before,
         lead(seq) OVER account IS NULL AS is_last
    FROM event WINDOW account AS (PARTITION BY account_id ORDER BY seq)
)
SELECT a.book AS book,
       format('account %s, hold event %s: after %s follow %s points and %s held',
              o.account_id, o.seq, o.before, o.points, o.held_after) AS what
  FROM ordered o LEFT JOIN ledger_account a ON a.id = o.account_id
 WHERE o.seq <> o.position OR o.held_after IS DISTINCT FROM o.before + o.points OR o.held_after < 0
    OR o.is_last AND (a.hold_seq, a.held) IS DISTINCT FROM (o.seq, o.held_after)
UNION ALL
SELECT a.book, format('account %s says it has %s hold events and has none', a.id, a.hold_seq)
  FROM ledger_account a
 WHERE a.hold_seq <> 0 AND NOT EXISTS (SELECT FROM event WHERE event.account_id = a.id)
