-- Every posting computed again over the heads of both its accounts at the time.
WITH line AS (
  SELECT source_id AS account_id, source_seq AS seq, id, hash FROM ledger_posting WHERE source_seq IS NOT NULL
  UNION ALL
  SELECT target_id, target_seq, id, hash FROM ledger_posting WHERE target_seq IS NOT NULL
), chained AS (
  SELECT account_id, id, hash,
         lag(hash, 1, ''::bytea) OVER account AS head,
         lead(id) OVER account IS NULL AS is_last
    FROM line WINDOW account AS (PARTITION BY account_id ORDER BY seq, id)
)
SELECT a.book AS book, format('posting %s is not what was hashed', p.id) AS what
  FROM ledger_posting p
  LEFT JOIN chained source ON source.id = p.id AND source.account_id = p.source_id
  LEFT JOIN chained target ON target.id = p.id AND target.account_id = p.target_id
  LEFT JOIN ledger_account a ON a.id = p.source_id
 WHERE p.hash IS DISTINCT FROM
       ledger_posting_digest(p, coalesce(source.head, ''), coalesce(target.head, ''))
UNION ALL
SELECT a.book, format('the head of account %s is not its last posting', a.id)
  FROM ledger_account a
  LEFT JOIN chained c ON c.account_id = a.id AND c.is_last
 WHERE a.head <> coalesce(c.hash, '')
