-- Hand out the next addresses. ARGV: crawl, worker, seconds of the lease, the portal's host, how many at most: a
-- sixteenth of what waits, so that no worker sits on the last ones, but always one.
-- What ran out and what has waited long enough is queued first. Redis's clock counts, nobody else's.
-- Returns {queued, waiting, leased, seconds until the host may be asked, id, payload, tries, id, ...}.
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
local most = math.max(1, math.min(tonumber(ARGV[5]), math.floor(redis.call('ZCARD', KEYS[3]) / 16)))
local popped = redis.call('ZPOPMIN', KEYS[3], most)
local found = {}
for i = 1, #popped, 2 do
  local id = popped[i]
  redis.call('ZADD', KEYS[5], now + ARGV[3], id)
  redis.call('HSET', KEYS[6], id, ARGV[2])
  found[#found + 1] = id
  found[#found + 1] = redis.call('HGET', KEYS[2], id)
  found[#found + 1] = redis.call('HGET', KEYS[7], id) or '0'
end
return {redis.call('ZCARD', KEYS[3]), redis.call('ZCARD', KEYS[4]), redis.call('ZCARD', KEYS[5]),
        string.format('%.6f', math.max(0, tonumber(redis.call('HGET', KEYS[8], ARGV[4]) or 0) - now)), unpack(found)}
