//! Banks and card companies by Toss's two-character codes. The two tables are independent: bank 31
//! is not card company 31. Source: <https://docs.tosspayments.com/codes/org-codes>.

use toss_checkout_contract::Locale;

// A row a line: code, Korean name, English name. Each table is one text, since a hundred and fifty
// slices would each have to be described in the download.

const BANKS: &str = "\
02|KDB산업은행|KDB
03|IBK기업은행|IBK
06|KB국민은행|KB Kookmin
07|Sh수협은행|Suhyup
11|NH농협은행|NH Nonghyup
12|지역농축협|Local Nonghyup
20|우리은행|Woori
23|SC제일은행|SC First
27|씨티은행|Citi
31|iM뱅크(대구)|iM Bank (Daegu)
32|부산은행|Busan
34|광주은행|Gwangju
35|제주은행|Jeju
37|전북은행|Jeonbuk
39|경남은행|Kyongnam
45|새마을금고|MG Saemaul
48|신협|Shinhyup
50|저축은행|Savings Bank
54|HSBC|HSBC
64|산림조합|SJ Forestry
71|우체국|Korea Post
81|하나은행|Hana
88|신한은행|Shinhan
89|케이뱅크|K bank
90|카카오뱅크|KakaoBank
92|토스뱅크|Toss Bank
";

const CARDS: &str = "\
11|KB국민카드|KB Kookmin card
15|카카오뱅크카드|KakaoBank card
21|하나카드|Hana card
24|토스뱅크카드|Toss Bank card
30|KDB산업카드|KDB card
31|BC카드|BC card
33|우리카드|Woori card
34|Sh수협카드|Suhyup card
35|전북카드|Jeonbuk card
36|씨티카드|Citi card
37|우체국카드|Korea Post card
38|새마을금고카드|MG Saemaul card
39|저축은행카드|Savings Bank card
3A|케이뱅크카드|K bank card
3K|기업카드|IBK card
41|신한카드|Shinhan card
42|제주카드|Jeju card
46|광주카드|Gwangju card
51|삼성카드|Samsung card
61|현대카드|Hyundai card
62|신협카드|Shinhyup card
71|롯데카드|Lotte card
91|NH농협카드|NH Nonghyup card
W1|우리카드|Woori card
";

/// The name of a bank; its code when it is new to us.
pub fn bank_name(code: &str, locale: Locale) -> &str {
    name(BANKS, code, locale).unwrap_or(code)
}

/// The name of a card company; `None` when it is new to us.
pub fn card_name(code: &str, locale: Locale) -> Option<&'static str> {
    name(CARDS, code, locale)
}

fn name(table: &'static str, code: &str, locale: Locale) -> Option<&'static str> {
    let mut rows = table.split('\n');
    let (ko, en) = rows.find_map(|row| {
        let names = row.strip_prefix(code)?.strip_prefix('|')?;
        names.split_once('|')
    })?;
    Some(match locale {
        Locale::Ko => ko,
        Locale::En => en,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_and_a_card_company_of_one_code_differ() {
        assert_eq!(bank_name("71", Locale::Ko), "우체국");
        assert_eq!(card_name("71", Locale::Ko), Some("롯데카드"));
        assert_eq!(bank_name("ZZ", Locale::En), "ZZ");
        assert_eq!(card_name("ZZ", Locale::En), None);
    }

    #[test]
    fn every_row_has_a_code_and_two_names() {
        for table in [BANKS, CARDS] {
            for row in table.lines() {
                let parts: Vec<&str> = row.split('|').collect();
                assert_eq!((parts.len(), parts[0].len()), (3, 2), "{row}");
                assert_eq!(name(table, parts[0], Locale::Ko), Some(parts[1]));
                assert_eq!(name(table, parts[0], Locale::En), Some(parts[2]));
            }
        }
        assert_eq!(name(BANKS, "", Locale::Ko), None);
    }
}
