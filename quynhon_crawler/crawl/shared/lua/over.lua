-- The crawl is over, unless something is still to be asked. ARGV: crawl.
if redis.call('HGET', KEYS[1], 'crawl') ~= ARGV[1] then return 0 end
if redis.call('ZCARD', KEYS[3]) + redis.call('ZCARD', KEYS[4]) + redis.call('ZCARD', KEYS[5]) > 0 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'over')
return 1
