-- wrk's script for all loads. Arguments after `--`: what, a number that makes names unique, and what that load needs.
-- One thread only (-t1): a thread has its own counters.

local what, run, fixed, path, body, rooms, first, method
local n = 0

local function read(name)
  local file = assert(io.open(name, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function init(args)
  what, run = args[1], args[2]
  fixed = { ["Authorization"] = args[3] }
  path = args[4]
  if what == "put" then
    fixed["Content-Type"] = "text/calendar"
    body = read(args[5])
  elseif what == "get" then
    rooms = tonumber(args[5])
  elseif what == "ask" then
    body, method = read(args[5]), args[6]
    fixed["Content-Type"], fixed["Depth"] = "application/xml", args[7]
  elseif what == "book" then
    fixed = { ["Content-Type"] = "application/x-www-form-urlencoded" }
    rooms, first, pause = tonumber(args[5]), tonumber(args[6])
  end
end

function request()
  n = n + 1
  if what == "get" then
    return wrk.format("GET", string.format("%sbench-%06d.ics", path, (n * 7919) % rooms), fixed)
  elseif what == "ask" then
    return wrk.format(method, path, fixed, body)
  elseif what == "put" then
    local uid = string.format("put-%s-%d", run, n)
    return wrk.format("PUT", path .. uid .. ".ics", fixed, (body:gsub("@UID@", uid)))
  end
  -- A time after the other in each room, one room after the other.
  local at = os.date("!%Y-%m-%dT%H:%M:%SZ", first + math.floor((n - 1) / rooms) * 900)
  local form = string.format("service=short&resource=room-%d&start=%s&given_name=Test&family_name=Kunde&email=k%s-%d@example.org&telephone=0711%s%06d",
    (n - 1) % rooms, at, run, n, run, n)
  return wrk.format("POST", path, fixed, form)
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format("RESULT %d %f %f %f %d\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
