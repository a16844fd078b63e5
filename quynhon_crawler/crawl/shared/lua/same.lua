-- Whether a crawl is still the one here: 1 or 0; an error when the data is of another version. ARGV: version, crawl.
local found = redis.call('HGET', KEYS[1], 'version')
if found and found ~= ARGV[1] then return redis.error_reply('VERSION ' .. found) end
return redis.call('HGET', KEYS[1], 'crawl') == ARGV[2] and 1 or 0
