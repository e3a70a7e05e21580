-- The whole of writing. ARGV is a flat list of steps, each a letter and what it
-- needs; the first that writes comes after all that check.
--
--   = key value          the record is exactly this, else {index, found}
--   ! key                the record is absent, else {index, found}
--   ? stream version     the stream ends before the version, else STALE
--   > stream id value    the first append: it may fail, because it is the first write
--   p n key value …      put n records       d key                 delete one
--   x stream id value    append              X stream              drop the stream
--   z set score member   add a member        r set member          take it out
--   m from to score      move all members    c set                 clear the set
--
-- It answers 1, or {index, found} of the check that did not hold, or the error STALE.
local a, n, checked = ARGV, #ARGV, 0
local i = 1
while i <= n do
  local step, key = a[i], a[i + 1]
  if step == 'p' then
    local last = i + 1 + 2 * key
    redis.call('MSET', unpack(a, i + 2, last))
    i = last + 1
  elseif step == 'z' then
    redis.call('ZADD', key, a[i + 2], a[i + 3])
    i = i + 4
  elseif step == 'x' then
    redis.call('XADD', key, a[i + 2], 'v', a[i + 3])
    i = i + 4
  elseif step == '=' then
    local found = redis.call('GET', key)
    if found ~= a[i + 2] then return {checked, found} end
    checked = checked + 1
    i = i + 3
  elseif step == '!' then
    local found = redis.call('GET', key)
    if found then return {checked, found} end
    checked = checked + 1
    i = i + 2
  elseif step == '>' then
    local done = redis.pcall('XADD', key, a[i + 2], 'v', a[i + 3])
    if type(done) == 'table' and done.err then
      if string.find(done.err, 'equal or smaller', 1, true) then
        return redis.error_reply('STALE ' .. a[i + 2])
      end
      return done
    end
    i = i + 4
  elseif step == 'r' then
    redis.call('ZREM', key, a[i + 2])
    i = i + 3
  elseif step == 'd' then
    redis.call('DEL', key)
    i = i + 2
  elseif step == 'X' then
    redis.call('UNLINK', key)
    i = i + 2
  elseif step == 'c' then
    redis.call('UNLINK', key)
    i = i + 2
  elseif step == 'm' then
    local members = redis.call('ZRANGE', key, 0, -1)
    if #members > 0 then
      for j = 1, #members do redis.call('ZADD', a[i + 2], a[i + 3], members[j]) end
      redis.call('UNLINK', key)
    end
    i = i + 4
  elseif step == '?' then
    local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)
    if last[1] and tonumber(string.match(last[1][1], '^%d+')) >= tonumber(a[i + 2]) then
      return redis.error_reply('STALE ' .. a[i + 2])
    end
    i = i + 3
  else
    return redis.error_reply('ERR unknown step')
  end
end
return 1
