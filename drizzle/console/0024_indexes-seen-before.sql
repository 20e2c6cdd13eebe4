-- What was sampled before has been seen: an hour or a day after the begin of the row's bucket at the latest. A row stands wherever something changed.
INSERT INTO seen_index (server, datid, indexrelid, first_seen)
SELECT s.server, s.datid, s.indexrelid, min(s.at + make_interval(secs => s.step))
  FROM index_sample s
  JOIN sampled_server n ON n.no = s.server
 GROUP BY s.server, s.datid, s.indexrelid;
