(* formal-checker CERTIFICATE...: the proved checker on files. Exit status as that of exactsurf verify --formal. *)
open Checker

exception Bad

(* ---- The lexer: from bytes to the syntax tree. Strings become lists of code points. ---- *)
let most_depth = 500

let parse (s : string) : json =
  let n = String.length s in
  let p = ref 0 in
  let peek () = if !p < n then s.[!p] else raise Bad in
  let next () = let c = peek () in incr p; c in
  let rec blank () = if !p < n then match s.[!p] with ' ' | '\t' | '\n' | '\r' -> incr p; blank () | _ -> () in
  let expect c = if next () <> c then raise Bad in
  let hex () =
    let v = ref 0 in
    for _ = 1 to 4 do
      let c = next () in
      let d = match c with '0'..'9' -> Char.code c - 48 | 'a'..'f' -> Char.code c - 87 | 'A'..'F' -> Char.code c - 55 | _ -> raise Bad in
      v := 16 * !v + d
    done; !v in
  let utf8 () =
    let first = Char.code (next ()) in
    let tail () = let c = Char.code (next ()) in if c land 0xc0 <> 0x80 then raise Bad; c land 0x3f in
    let code, least =
      if first < 0x80 then first, 0
      else if first land 0xe0 = 0xc0 then (let a = tail () in ((first land 0x1f) lsl 6) lor a), 0x80
      else if first land 0xf0 = 0xe0 then (let a = tail () in let b = tail () in ((first land 0x0f) lsl 12) lor (a lsl 6) lor b), 0x800
      else if first land 0xf8 = 0xf0 then
        (let a = tail () in let b = tail () in let c = tail () in ((first land 0x07) lsl 18) lor (a lsl 12) lor (b lsl 6) lor c), 0x10000
      else raise Bad in
    if code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) then raise Bad;
    code in
  let text () =
    expect '"';
    let rec go acc = match peek () with
      | '"' -> incr p; List.rev acc
      | '\\' -> incr p; (match next () with
          | '"' -> go (34 :: acc) | '\\' -> go (92 :: acc) | '/' -> go (47 :: acc) | 'b' -> go (8 :: acc) | 'f' -> go (12 :: acc)
          | 'n' -> go (10 :: acc) | 'r' -> go (13 :: acc) | 't' -> go (9 :: acc)
          | 'u' ->
              let a = hex () in
              if a >= 0xd800 && a < 0xdc00 && !p + 1 < n && s.[!p] = '\\' && s.[!p + 1] = 'u' then begin
                let back = !p in
                p := !p + 2;
                let b = hex () in
                if b >= 0xdc00 && b < 0xe000 then go ((0x10000 + ((a - 0xd800) lsl 10) + (b - 0xdc00)) :: acc) else (p := back; go (a :: acc))
              end else go (a :: acc)
          | _ -> raise Bad)
      | c when Char.code c < 32 -> raise Bad
      | _ -> let c = utf8 () in go (c :: acc) in
    List.rev (List.rev_map Big_int_Z.big_int_of_int (go [])) in
  let digits () = let a = !p in while !p < n && s.[!p] >= '0' && s.[!p] <= '9' do incr p done; if !p = a then raise Bad; String.sub s a (!p - a) in
  let number () =
    let negative = peek () = '-' in
    if negative then incr p;
    let whole = digits () in
    if String.length whole > 1 && whole.[0] = '0' then raise Bad;
    let plain = ref (not negative) in
    if !p < n && s.[!p] = '.' then (incr p; plain := false; ignore (digits ()));
    if !p < n && (s.[!p] = 'e' || s.[!p] = 'E') then begin
      incr p; plain := false;
      if !p < n && (s.[!p] = '+' || s.[!p] = '-') then incr p;
      ignore (digits ())
    end;
    if !plain && String.length whole <= 9 then Integer (Big_int_Z.big_int_of_string whole) else Other in
  let word w v = if !p + String.length w <= n && String.sub s !p (String.length w) = w then (p := !p + String.length w; v) else raise Bad in
  let rec value depth =
    if depth > most_depth then raise Bad;
    blank ();
    let v = match peek () with
      | '{' -> incr p; blank (); if peek () = '}' then (incr p; Fields []) else
          let rec go acc =
            blank (); let k = text () in blank (); expect ':';
            let acc = (k, value (depth + 1)) :: acc in
            match next () with ',' -> go acc | '}' -> Fields (List.rev acc) | _ -> raise Bad in go []
      | '[' -> incr p; blank (); if peek () = ']' then (incr p; Items []) else
          let rec go acc =
            let acc = value (depth + 1) :: acc in
            match next () with ',' -> go acc | ']' -> Items (List.rev acc) | _ -> raise Bad in go []
      | '"' -> Text (text ())
      | 't' -> word "true" (Truth true) | 'f' -> word "false" (Truth false) | 'n' -> word "null" Other
      | _ -> number () in
    blank (); v in
  let v = value 0 in
  if !p <> n then raise Bad; v

let read file = let c = open_in_bin file in Fun.protect ~finally:(fun () -> close_in c) (fun () -> really_input_string c (in_channel_length c))

let () =
  let status = ref 0 in
  for i = 1 to Array.length Sys.argv - 1 do
    let file = Sys.argv.(i) in
    match read file with
    | exception Sys_error reason -> prerr_endline reason; status := 2
    | bytes ->
        let words, own = match check (parse bytes) with
          | Accepted -> "accepted by the proved checker", 0
          | Rejected | exception Bad -> "rejected by the proved checker", 1
          | Unknown -> "the proved checker does not know this rule", 3 in
        print_endline (file ^ ": " ^ words);
        let rank = function 2 -> 3 | 1 -> 2 | 3 -> 1 | _ -> 0 in
        if rank own > rank !status then status := own
  done;
  exit !status
