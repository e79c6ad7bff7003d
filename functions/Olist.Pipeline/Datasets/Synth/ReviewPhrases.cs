namespace Olist.Pipeline.Datasets.Synth;

/// <summary>Texts of reviews, put together from phrases written for this generator.</summary>
static class ReviewPhrases
{
    const int SecondLinePerMillion = 100_000, LoudPerMillion = 60_000, PadPerMillion = 90_000;

    static readonly string[] GoodTitles = ["Recomendo", "Ótimo produto", "Muito bom!", "Perfeito", "Chegou antes", "Adorei", "Excelente compra", "Super rápido", "10", "Nota dez, voltarei"];
    static readonly string[] FairTitles = ["Razoável", "Bom, mas...", "Regular", "Esperava mais", "Mais ou menos", "Médio"];
    static readonly string[] BadTitles = ["Péssimo", "Não recomendo", "Decepção", "Produto com defeito", "Veio errado", "Nunca mais", "Propaganda \"enganosa\""];
    static readonly string[] LostTitles = ["Não recebi", "Cadê meu pedido?", "Não chegou", "Sem entrega", "Aguardando até hoje"];

    static readonly string[] GoodOpeners =
    [
        "Chegou antes do prazo", "Entrega muito rápida", "Produto de ótima qualidade", "Veio tudo certinho e bem embalado", "Exatamente como na descrição", "Gostei bastante",
        "Minha mãe adorou o presente", "Já é a terceira vez que compro aqui", "O vendedor respondeu todas as dúvidas", "Superou as minhas expectativas",
    ];
    static readonly string[] GoodClosers =
    [
        "recomendo a todos", "pode comprar sem medo", "vou comprar de novo com certeza", "parabéns à loja", "nota 10", "preço justo, entrega em dia", "o acabamento é lindo", "funciona muito bem, até agora sem problemas",
    ];
    static readonly string[] FairOpeners =
    [
        "O produto é bom, mas a embalagem chegou amassada", "A cor é um pouco diferente da foto", "Demorou um pouco, porém chegou", "É menor do que eu imaginava", "Qualidade razoável pelo preço", "Veio sem o manual",
    ];
    static readonly string[] FairClosers = ["dá para usar", "no geral cumpre o que promete", "esperava um pouco mais", "para presente eu não compraria", "talvez compre outra vez, talvez não"];
    static readonly string[] BadOpeners =
    [
        "O produto veio quebrado", "Recebi o modelo errado", "Não funciona, nem liga", "Faltou uma das peças", "O material é muito fraco", "A descrição dizia \"original\", mas é uma cópia", "Comprei dois e veio só um",
    ];
    static readonly string[] LateOpeners =
    [
        "Atrasou demais", "O prazo venceu e ninguém avisou nada", "Chegou muito depois da data prometida", "A transportadora perdeu o pacote duas vezes", "Era um presente de aniversário, e o aniversário já passou",
    ];
    static readonly string[] LostOpeners =
    [
        "Até agora não recebi o meu pedido", "O rastreio está parado há semanas", "Comprei, paguei e não chegou nada", "Dizem que foi entregue, mas aqui ninguém recebeu", "O pedido foi cancelado sem explicação",
    ];
    static readonly string[] BadClosers =
    [
        "quero o meu dinheiro de volta", "já mandei três e-mails, sem resposta", "não compro mais", "péssimo atendimento", "aguardo uma solução", "vou reclamar até resolverem", "ninguém respondeu: nem a loja, nem a transportadora",
    ];

    public static string Title(int score, bool isLost, ref Prng random) =>
        Pick(score >= 4 ? GoodTitles : score == 3 ? FairTitles : isLost ? LostTitles : BadTitles, ref random);

    public static string Message(int score, bool isLost, bool isLate, ref Prng random)
    {
        var (openers, closers) = score >= 4 ? (GoodOpeners, GoodClosers)
            : score == 3 ? (FairOpeners, FairClosers)
            : (isLost ? LostOpeners : isLate && !random.Chance(200_000) ? LateOpeners : BadOpeners, BadClosers);
        var text = Pick(openers, ref random);
        if (random.Chance(700_000))
        {
            var closer = Pick(closers, ref random);
            text += random.Chance(SecondLinePerMillion) ? ".\r\n" + Capital(closer) + "." : random.Below(3) switch { 0 => ", " + closer, 1 => ". " + Capital(closer) + "!", _ => " e " + closer };
        }
        if (random.Chance(LoudPerMillion)) text = text.ToUpperInvariant();
        return random.Chance(PadPerMillion) ? text + " " : text;
    }

    static string Pick(string[] phrases, ref Prng random) => phrases[random.Below(phrases.Length)];

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
