-- What hangs on the tree is word for word what the wisher agreed to.
SELECT w.community_id AS book, format('wish %s: words without consent', w.number) AS what
  FROM wishes_wish w
 WHERE w.is_on_tree AND NOT w.is_withheld AND w.state IN ('approved', 'pledged', 'delivered', 'lit')
   AND NOT EXISTS (SELECT FROM wishes_wordingconsent c
                    WHERE c.wish_id = w.id AND c.withdrawn_at IS NULL AND c.title = w.title
                      AND c.story = w.story AND c.public_name = w.public_name AND c.estate = w.estate)
