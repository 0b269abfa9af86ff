# How much of each part of the source ran, from cobertura files: a line a part, "part covered total percent".
#   awk -v parts="src/A src/B" -f infra/coverage.awk artifacts/coverage/*.xml
# A line counts once, though it is compiled into two programs and was seen by many test projects.
BEGIN { count = split(parts, part, " ") }
match($0, /<class [^>]*filename="[^"]*"/) {
  file = substr($0, RSTART, RLENGTH)
  sub(/.*filename="/, "", file)
  sub(/"$/, "", file)
  of = ""
  for (i = 1; i <= count; i++) if (index(file, "/" part[i] "/")) of = part[i]
}
of != "" && /<line / {
  number = $0; sub(/.*number="/, "", number); sub(/".*/, "", number)
  hits = $0; sub(/.*hits="/, "", hits); sub(/".*/, "", hits)
  key = file ":" number
  if (!(key in ran)) { total[of]++; ran[key] = 0 }
  if (hits + 0 > 0 && !ran[key]) { covered[of]++; ran[key] = 1 }
}
END { for (i = 1; i <= count; i++) printf "%s %d %d %.1f\n", part[i], covered[part[i]], total[part[i]], total[part[i]] ? 100 * covered[part[i]] / total[part[i]] : 0 }
