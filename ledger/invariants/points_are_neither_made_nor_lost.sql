-- What all members have, less what they owe, is what the system accounts gave out less what they took.
SELECT a.book AS book,
       format('members and debts come to %s, the system accounts gave %s',
              sum(a.balance), coalesce(max(given.points), 0)) AS what
  FROM ledger_account a
  LEFT JOIN (SELECT account.book, sum(CASE WHEN p.target_seq IS NULL THEN -p.points ELSE p.points END) points
               FROM ledger_posting p
               JOIN ledger_account account
                 ON account.id = CASE WHEN p.target_seq IS NULL THEN p.target_id ELSE p.source_id END
              WHERE p.target_seq IS NULL OR p.source_seq IS NULL
              GROUP BY account.book) given ON given.book = a.book
 GROUP BY a.book
HAVING sum(a.balance) <> coalesce(max(given.points), 0)
