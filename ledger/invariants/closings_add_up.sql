SELECT a.book AS book,
       format('account %s closed at %s up to posting %s, where its postings come to %s',
              c.account_id, c.balance, c.through_id, total.points) AS what
  FROM ledger_closing c
  LEFT JOIN ledger_account a ON a.id = c.account_id
 CROSS JOIN LATERAL (
   SELECT (SELECT coalesce(sum(points), 0) FROM ledger_posting
            WHERE target_id = c.account_id AND target_seq IS NULL AND id <= c.through_id
              AND id > previous.through_id)
        - (SELECT coalesce(sum(points), 0) FROM ledger_posting
            WHERE source_id = c.account_id AND source_seq IS NULL AND id <= c.through_id
              AND id > previous.through_id)
        + previous.balance AS points
     FROM (SELECT coalesce(max(p.through_id), 0) AS through_id,
                  coalesce((array_agg(p.balance ORDER BY p.through_id DESC))[1], 0) AS balance
             FROM ledger_closing p
            WHERE p.account_id = c.account_id AND p.through_id < c.through_id) previous) total
 WHERE c.balance <> total.points
