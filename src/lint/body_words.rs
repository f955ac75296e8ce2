//! What the text of a section about the response says of its body and of errors, in the languages in which documentation sets are published.

use crate::page::Page;

/// What English text says where nothing comes back.
const NOTHING: [&str; 6] =
    ["not return anything", "no response body", "empty response", "no content", "no body", "return nothing"];

/// What it says where something does.
const IN_BODY: [&str; 2] = ["in the response body", "in the body"];

/// How another language says that something comes back in the body.
struct Words {
    in_body: &'static [&'static str],
    /// Words that deny something, in whatever sentence: text that has one of them may say that nothing comes back. `-` stands for any end.
    denials: &'static [&'static str],
    /// Whether blanks separate words.
    has_blanks: bool,
}

const LANGUAGES: [Words; 9] = [
    Words {
        in_body: &["im antworttext", "im text der antwort"],
        denials: &["nicht-", "kein-", "leer-", "ohne"],
        has_blanks: true,
    },
    Words {
        in_body: &["no corpo da resposta", "no corpo de resposta"],
        denials: &["não", "nada", "nenhum-", "sem", "vazi-"],
        has_blanks: true,
    },
    Words {
        in_body: &["en el cuerpo de la respuesta", "en el cuerpo de respuesta"],
        denials: &["no", "nada", "ningun-", "ningún", "sin", "vací-"],
        has_blanks: true,
    },
    Words {
        in_body: &["dans le corps de la réponse", "dans le corps de réponse"],
        denials: &["ne", "n", "pas", "rien", "aucun-", "sans", "vide-"],
        has_blanks: true,
    },
    Words {
        in_body: &["nel corpo della risposta", "nel corpo di risposta"],
        denials: &["non", "nulla", "niente", "nessun-", "senza", "vuot-"],
        has_blanks: true,
    },
    Words {
        in_body: &["在响应正文中", "在响应主体中", "在响应体中", "在回應本文中", "在回應主體中"],
        denials: &["不", "无", "無", "没", "沒", "未", "空"],
        has_blanks: false,
    },
    Words {
        in_body: &["応答本文で", "応答本文に", "応答の本文で", "応答の本文に"],
        denials: &["ない", "ませ", "なし", "なく", "空"],
        has_blanks: false,
    },
    Words { in_body: &["응답 본문에"], denials: &["않", "없", "아니", "비어", "빈"], has_blanks: false },
    Words {
        in_body: &["в тексте ответа", "в теле ответа", "в тексте отклика"],
        denials: &["не", "ничего", "нет", "без", "пуст-"],
        has_blanks: true,
    },
];

impl Words {
    /// Whether a text in lower case may deny what it says.
    fn may_deny(&self, text: &str) -> bool {
        if !self.has_blanks {
            return self.denials.iter().any(|own| text.contains(own));
        }
        let denies = |word: &str| {
            self.denials.iter().any(|own| own.strip_suffix('-').map_or(*own == word, |stem| word.starts_with(stem)))
        };
        text.split(|c: char| !c.is_alphanumeric()).any(denies)
    }
}

/// Whether the page says that something comes back in the body, and not that nothing does; `None` where its language is not read, or where
/// the text may say either.
pub(super) fn says_body(page: &Page<'_>) -> Option<bool> {
    let text: Vec<String> = page.prose_below("response", 6).map(|prose| prose.text.to_lowercase()).collect();
    let text = text.join("\n");
    let has = |words: &[&str]| words.iter().any(|words| text.contains(words));
    let is_read = page.language().is_read();
    if has(&NOTHING) {
        return Some(false);
    }
    if has(&IN_BODY) {
        return is_read.then_some(true);
    }
    match LANGUAGES.iter().find(|own| has(own.in_body)) {
        Some(own) => (!own.may_deny(&text)).then_some(true),
        None => is_read.then_some(false),
    }
}

/// What errors are called.
const ERRORS: [&str; 14] = [
    "error",
    "erro",
    "erreur",
    "fehler",
    "错误",
    "錯誤",
    "失败",
    "失敗",
    "エラー",
    "오류",
    "ошибк",
    "błąd",
    "błęd",
    "chyb",
];

/// Whether a text speaks of errors.
pub(super) fn says_error(text: &str) -> bool {
    let text = text.to_lowercase();
    ERRORS.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a page says whose section about the response, called so, has this text.
    #[track_caller]
    fn check(heading: &str, text: &str, expected: Option<bool>) {
        let page = format!("# T\n\n## {heading}\n\n{text}\n");
        assert_eq!(says_body(&Page::parse("p.md", &page)), expected, "{text}");
    }

    #[test]
    fn a_text_says_whether_something_comes_back() {
        check("Response", "Returns the lamp in the response body.", Some(true));
        check("Response", "Returns the lamp in the response body, or no body where there is no lamp.", Some(false));
        check("Response", "Returns `200 OK`.", Some(false));
    }

    #[test]
    fn so_does_a_text_in_another_language() {
        for (heading, something, nothing) in [
            (
                "响应",
                "如果成功，此方法返回 `200 OK` 响应代码，并在响应正文中返回灯对象。",
                "如果成功，此方法返回 `200 OK` 响应代码。它不在响应正文中返回任何内容。",
            ),
            (
                "回應",
                "如果成功，此方法會傳回 `200 OK` 回應碼，並在回應本文中傳回燈物件。",
                "如果成功，此方法會傳回 `200 OK` 回應碼。它不會在回應本文中傳回任何內容。",
            ),
            (
                "Resposta",
                "Se tiver êxito, este método retorna um código `200 OK` e uma lâmpada no corpo da resposta.",
                "Se tiver êxito, este método retorna um código `200 OK`. Não retorna nada no corpo da resposta.",
            ),
            (
                "Respuesta",
                "Si se realiza correctamente, este método devuelve una lámpara en el cuerpo de la respuesta.",
                "Si se realiza correctamente, este método no devuelve nada en el cuerpo de la respuesta.",
            ),
            (
                "Réponse",
                "Si elle réussit, cette méthode renvoie une lampe dans le corps de la réponse.",
                "Si elle réussit, cette méthode ne renvoie aucune lampe dans le corps de la réponse.",
            ),
            (
                "Risposta",
                "Se ha esito positivo, questo metodo restituisce una lampada nel corpo della risposta.",
                "Se ha esito positivo, questo metodo non restituisce nulla nel corpo della risposta.",
            ),
            (
                "Antwort",
                "Bei Erfolg gibt die Methode eine Lampe im Antworttext zurück.",
                "Bei Erfolg gibt die Methode nichts im Antworttext zurück.",
            ),
            (
                "応答",
                "成功した場合、このメソッドは応答本文でランプのオブジェクトを返します。",
                "成功した場合、このメソッドは応答本文に何も返しません。",
            ),
            (
                "응답",
                "성공하면 이 메서드는 응답 본문에 램프 개체를 반환합니다.",
                "성공하면 이 메서드는 응답 본문에 아무것도 반환하지 않습니다.",
            ),
            (
                "Отклик",
                "В случае успеха этот метод возвращает лампу в тексте ответа.",
                "В случае успеха этот метод не возвращает ничего в тексте ответа.",
            ),
        ] {
            check(heading, something, Some(true));
            check(heading, nothing, None);
            check("Response", something, Some(true));
        }
        check("Resposta", "Este método retorna um código de resposta `200 OK` se tiver êxito na solicitação.", None);
        // The anchor decides where there is one.
        check("<a name=\"x\"></a>Resposta", "Retorna uma lâmpada no corpo da resposta que você lê nesta página.", None);
    }

    #[test]
    fn errors_are_recognized_in_other_languages() {
        for text in
            ["If an error occurs", "Se ocorrer um erro não previsto", "发生错误时", "エラーの場合", "при ошибке"]
        {
            assert!(says_error(text), "{text}");
        }
        for text in ["If successful", "成功", "êxito"] {
            assert!(!says_error(text), "{text}");
        }
    }
}
