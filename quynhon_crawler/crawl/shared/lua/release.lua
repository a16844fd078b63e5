-- What this worker held when it died is queued again. ARGV: crawl, worker. Returns how many.
if redis.call('HGET', KEYS[1], 'crawl') ~= ARGV[1] then return 0 end
local freed = 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
  if redis.call('HGET', KEYS[6], id) == ARGV[2] then
    redis.call('ZADD', KEYS[5], 0, id) -- run out: the next lease, by whomever, queues it
    freed = freed + 1
  end
end
return freed
