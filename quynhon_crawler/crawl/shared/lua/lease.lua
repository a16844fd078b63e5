-- Hand out the next address. ARGV: crawl, worker, seconds of the lease, the portal's host.
-- What ran out and what has waited long enough is queued first. Redis's clock counts, nobody else's.
-- Returns {queued, waiting, leased, seconds until the host may be asked, [id, payload, tries]}.
if redis.call('HGET', KEYS[1], 'crawl') ~= ARGV[1] then return redis.error_reply('GONE') end
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
for _, from in ipairs({KEYS[4], KEYS[5]}) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', from, '-inf', now, 'LIMIT', 0, 100)) do
    redis.call('ZREM', from, id)
    redis.call('HDEL', KEYS[6], id)
    local payload = redis.call('HGET', KEYS[2], id)
    if payload and payload ~= '' then
      local turn = redis.call('HINCRBY', KEYS[1], 'serial', 1)
      redis.call('ZADD', KEYS[3], cjson.decode(payload)[6] * 1e11 + turn, id)
    end
  end
end
local next = redis.call('ZPOPMIN', KEYS[3])
local found = {}
if next[1] then
  redis.call('ZADD', KEYS[5], now + ARGV[3], next[1])
  redis.call('HSET', KEYS[6], next[1], ARGV[2])
  found = {next[1], redis.call('HGET', KEYS[2], next[1]), redis.call('HGET', KEYS[7], next[1]) or '0'}
end
return {redis.call('ZCARD', KEYS[3]), redis.call('ZCARD', KEYS[4]), redis.call('ZCARD', KEYS[5]),
        string.format('%.6f', math.max(0, tonumber(redis.call('HGET', KEYS[8], ARGV[4]) or 0) - now)), unpack(found)}
