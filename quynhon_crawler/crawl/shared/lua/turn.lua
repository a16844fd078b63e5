-- The next turn at a host, and the pause after it. KEYS: turns of all hosts. ARGV: host, seconds of pause, seconds
-- of rest that the host asked for. Returns the seconds to wait.
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
local free = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
local at = math.max(now + ARGV[3], free)
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.6f', at + ARGV[2]))
redis.call('EXPIRE', KEYS[1], 86400)
return string.format('%.6f', at - now)
