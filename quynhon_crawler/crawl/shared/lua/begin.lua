-- Join the crawl that is under way, or begin one. ARGV: version, name of a new crawl.
-- Returns the crawl's name; an error when the data is of another version.
local found = redis.call('HGET', KEYS[1], 'version')
if found and found ~= ARGV[1] then return redis.error_reply('VERSION ' .. found) end
if redis.call('HGET', KEYS[1], 'state') ~= 'open' then
  redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7])
  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'crawl', ARGV[2], 'state', 'open')
end
return redis.call('HGET', KEYS[1], 'crawl')
