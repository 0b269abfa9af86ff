-- Orleans' ADO.NET providers read every statement that they run from this table. Keys, parameters and result columns
-- are theirs; tables and statements are ours.
create table OrleansQuery (
  QueryKey text not null primary key,
  QueryText text not null
) strict, without rowid;
