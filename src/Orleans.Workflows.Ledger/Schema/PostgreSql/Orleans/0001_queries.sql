-- Orleans' ADO.NET providers read every statement that they run from this table. Keys, parameters and result columns
-- are theirs; tables and statements are ours.
create table OrleansQuery (
  QueryKey text primary key,
  QueryText text not null
);
