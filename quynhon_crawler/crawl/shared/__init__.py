"""One frontier for many workers, in Redis. Needs the extra ``redis``; nothing else imports that package."""
