-- Acknowledge what is on disk, put back what is to be asked again, prolong the leases that are out.
-- ARGV: crawl, worker, seconds of a lease, JSON of {done = [id], again = [[id, payload, tries, wait]], held = [id]}.
-- A record that comes late, after its lease ran out, is a record: its address is done, whoever holds it now.
-- Returns {queued, waiting, leased, ids that are no longer held}.
if redis.call('HGET', KEYS[1], 'crawl') ~= ARGV[1] then return redis.error_reply('GONE') end
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
local said = cjson.decode(ARGV[4])
for _, id in ipairs(said.done) do
  redis.call('HSET', KEYS[2], id, '')
  redis.call('ZREM', KEYS[3], id)
  redis.call('ZREM', KEYS[4], id)
  redis.call('ZREM', KEYS[5], id)
  redis.call('HDEL', KEYS[6], id)
  redis.call('HDEL', KEYS[7], id)
end
for _, one in ipairs(said.again) do
  local owner = redis.call('HGET', KEYS[6], one[1])
  if not owner or owner == ARGV[2] then -- another worker has it by now: it will see for itself
    redis.call('HSET', KEYS[2], one[1], one[2])
    redis.call('HSET', KEYS[7], one[1], one[3])
    redis.call('ZREM', KEYS[3], one[1])
    redis.call('ZREM', KEYS[5], one[1])
    redis.call('HDEL', KEYS[6], one[1])
    redis.call('ZADD', KEYS[4], now + one[4], one[1])
    redis.call('HSET', KEYS[1], 'state', 'open')
  end
end
local lost = {}
for _, id in ipairs(said.held) do
  if redis.call('HGET', KEYS[6], id) == ARGV[2] then
    redis.call('ZADD', KEYS[5], 'XX', now + ARGV[3], id)
  else
    lost[#lost + 1] = id
  end
end
return {redis.call('ZCARD', KEYS[3]), redis.call('ZCARD', KEYS[4]), redis.call('ZCARD', KEYS[5]), unpack(lost)}
