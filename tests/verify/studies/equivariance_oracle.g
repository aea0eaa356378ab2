# Ground truth for test_equivariance.py: gap -q equivariance_oracle.g > equivariance_oracle.json
# Transitive groups: order, 2-closure, orbits on pairs, least size of a base (all tuples of distinct points tried).
LoadPackage("transgrp", false);;
SizeScreen([4096, 1000]);;
least := function(g, n)
  local d;
  if Size(g) = 1 then return 0; fi;
  d := 1;
  while true do
    if ForAny(Combinations([1..n], d), t -> Size(Stabilizer(g, t, OnTuples)) = 1) then return d; fi;
    d := d + 1;
  od;
end;;
Print("{\"source\": \"GAP ", GAPInfo.Version, ", TwoClosure, OrbitsDomain; equivariance_oracle.g\", \"groups\": [\n");;
rows := [];;
for n in [3..8] do
  for i in [1..NrTransitiveGroups(n)] do
    if n < 8 or i in [1, 5, 12, 23, 25, 36, 37, 43, 48, 49] then
      g := TransitiveGroup(n, i);
      if Size(g) <= 20160 then
        Add(rows, Concatenation("{\"degree\": ", String(n), ", \"number\": ", String(i),
          ", \"generators\": \"", ReplacedString(ReplacedString(String(GeneratorsOfGroup(g)), " ", ""), "\"", ""),
          "\", \"order\": ", String(Size(g)), ", \"two_closure\": ", String(Size(TwoClosure(g))),
          ", \"rank\": ", String(Length(OrbitsDomain(g, Tuples([1..n], 2), OnTuples))),
          ", \"base\": ", String(least(g, n)), "}"));
      fi;
    fi;
  od;
od;
Print(JoinStringsWithSeparator(rows, ",\n"), "\n]}\n");
QUIT;
