-- What an address is to be asked as: its payload, empty when it is done, nil when it is unknown. ARGV: id.
return redis.call('HGET', KEYS[2], ARGV[1])
