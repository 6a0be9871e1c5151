-- Points come from service, or from the paper book: no earning without the document that says so.
SELECT a.book AS book, format('posting %s (%s) belongs to no service and no paper book', p.id, p.kind) AS what
  FROM ledger_posting p
  JOIN ledger_account a ON a.id = p.target_id
  JOIN volunteers_volunteer v ON v.account_id = a.id
 WHERE p.kind IN ('earn', 'opening')
   AND NOT EXISTS (SELECT FROM volunteers_servicerecord r WHERE r.posting_id = p.id)
   AND NOT EXISTS (SELECT FROM volunteers_openingbalance o WHERE o.posting_id = p.id)
