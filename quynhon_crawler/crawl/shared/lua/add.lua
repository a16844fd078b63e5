-- Seen-set and queue in one step. ARGV: crawl, JSON list of [id, payload]; payload[6] is the rank.
-- Returns how many were new.
if redis.call('HGET', KEYS[1], 'crawl') ~= ARGV[1] then return redis.error_reply('GONE') end
local added = 0
for _, one in ipairs(cjson.decode(ARGV[2])) do
  if redis.call('HSETNX', KEYS[2], one[1], one[2]) == 1 then
    local turn = redis.call('HINCRBY', KEYS[1], 'serial', 1)
    redis.call('ZADD', KEYS[3], cjson.decode(one[2])[6] * 1e11 + turn, one[1])
    added = added + 1
  end
end
if added > 0 then redis.call('HSET', KEYS[1], 'state', 'open') end
return added
