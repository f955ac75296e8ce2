//! What translations call the sections of a page, where they do not keep the anchors of the original.
//!
//! The words are those of the published translations of Microsoft Graph's documentation, in lower case.

use std::sync::LazyLock;

use foldhash::HashMap;

use super::slugify;

/// The names of a section in URLs, and what it is called in Chinese, Portuguese, Spanish, French, Italian, German, Japanese, Korean and Russian.
#[rustfmt::skip]
const SECTIONS: [(&str, &[&str]); 9] = [
    ("methods", &["方法", "métodos", "méthodes", "metodi", "methoden", "メソッド", "메서드", "методы"]),
    ("http-request", &[
        "http 请求", "http请求", "http 要求", "http要求", "solicitação http", "requisição http", "pedido http", "solicitud http", "requête http", "demande http",
        "richiesta http", "http-anforderung", "http 요청", "http-запрос", "запрос http",
    ]),
    ("request-headers", &[
        "请求标头", "请求头", "要求標頭", "cabeçalhos de solicitação", "cabeçalhos da solicitação", "cabeçalhos do pedido", "cabeçalhos de pedido",
        "encabezados de solicitud", "encabezados de la solicitud", "en-têtes de demande", "en-têtes de requête", "en-têtes de la requête",
        "intestazioni della richiesta", "intestazioni richiesta", "anforderungsheader", "要求ヘッダー", "요청 헤더", "заголовки запросов", "заголовки запроса",
    ]),
    ("request-body", &[
        "请求正文", "请求主体", "请求体", "要求本文", "要求主體", "corpo da solicitação", "corpo de solicitação", "corpo do pedido", "corpo da requisição",
        "cuerpo de la solicitud", "cuerpo de solicitud", "corps de la demande", "corps de demande", "corps de la requête", "corps de requête",
        "corpo della richiesta", "corpo richiesta", "anforderungstext", "anforderungskörper", "リクエスト本文", "요청 본문", "текст запроса", "тело запроса",
        "основной текст запроса",
    ]),
    ("response", &[
        "响应", "响应正文", "回应", "回應", "應答", "resposta", "respuesta", "réponse", "risposta", "antwort", "応答", "レスポンス", "응답", "ответ", "отклик",
        "antwoord", "odpověď", "odpowiedź", "yanıt",
    ]),
    ("function-parameters", &[
        "函数参数", "函式參數", "parâmetros de função", "parâmetros da função", "parámetros de función", "parámetros de la función", "paramètres de la fonction",
        "paramètres de fonction", "parametri della funzione", "funktionsparameter", "関数パラメーター", "함수 매개 변수", "параметры функции",
    ]),
    ("query-parameters", &[
        "查询参数", "查詢參數", "parâmetros de consulta", "parâmetros da consulta", "parámetros de consulta", "paramètres de requête",
        "paramètres de la requête", "parametri di query", "parametri della query", "abfrageparameter", "クエリ パラメーター", "쿼리 매개 변수",
        "параметры запроса", "параметры запросов",
    ]),
    ("optional-query-parameters", &[
        "可选查询参数", "可选的查询参数", "選擇性查詢參數", "選用查詢參數", "parâmetros de consulta opcionais", "parâmetros de consulta opcional",
        "parámetros de consulta opcionales", "parámetros opcionales de consulta", "paramètres de requête facultatifs", "paramètres facultatifs de la requête",
        "parametri di query facoltativi", "parametri facoltativi della query", "optionale abfrageparameter", "省略可能なクエリ パラメーター",
        "オプションのクエリ パラメーター", "선택적 쿼리 매개 변수", "необязательные параметры запроса", "необязательные параметры запросов",
    ]),
    ("path-parameters", &[
        "路径参数", "路徑參數", "parâmetros de caminho", "parâmetros do caminho", "parámetros de ruta", "parámetros de ruta de acceso", "paramètres de chemin d’accès",
        "paramètres de chemin", "parametri percorso", "pfadparameter", "パス パラメーター", "경로 매개 변수", "параметры пути",
    ]),
];

/// The sections by the slugs of what they are called. Every heading is looked up.
static BY_SLUG: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
    let names = SECTIONS.iter().flat_map(|(section, names)| names.iter().map(|name| (slugify(name), *section)));
    // The first one of a name counts.
    names.rev().collect()
});

/// The name in URLs of the section that a heading with that slug opens in one of these languages.
pub(super) fn translated_section(slug: &str) -> Option<&'static str> {
    BY_SLUG.get(slug).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_known_in_other_languages() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(translated_section(&slugify(text)), expected, "{text}");
        check("HTTP 请求", Some("http-request"));
        check("Solicitação HTTP", Some("http-request"));
        check("Corpo da Solicitação：", Some("request-body"));
        check("请求正文", Some("request-body"));
        check("查询参数", Some("query-parameters"));
        check("Parâmetros de consulta", Some("query-parameters"));
        check("Parâmetros de consulta opcionais", Some("optional-query-parameters"));
        check("Resposta", Some("response"));
        check("Respostas", None);
        check("Response", None);
        check("", None);
    }

    #[test]
    fn every_name_can_be_found() {
        for (section, names) in SECTIONS {
            for name in names {
                assert_eq!(*name, name.to_lowercase());
                assert_eq!(translated_section(&slugify(name)), Some(section), "{name}");
            }
        }
    }
}
