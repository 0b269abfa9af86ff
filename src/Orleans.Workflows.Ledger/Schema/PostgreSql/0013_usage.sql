-- What was used lately is found by the ends of attempts: limits on tokens and money are counted anew from it.
create index attempts_ended_at on attempts (ended_at) where ended_at is not null;
