namespace Olist.Pipeline.Datasets.Synth;

/// <summary>A city by its name in plain letters, by its proper name where that differs, and its place in hundredths of a degree.</summary>
readonly record struct City(string Name, int Lat, int Lng, string? ProperName = null);

/// <summary>A state: where its people are and what share of customers and sellers it has.</summary>
/// <param name="Code">Two letters.</param>
/// <param name="ZipCodes">First and last prefix of its postal codes, in one or two ranges.</param>
/// <param name="CustomerWeight">Of 10,000 customers.</param>
/// <param name="SellerWeight">Of 3,000 sellers.</param>
/// <param name="Cities">Capital first.</param>
sealed record BrazilianState(string Code, (int First, int Last)[] ZipCodes, int CustomerWeight, int SellerWeight, params City[] Cities)
{
    public static readonly BrazilianState[] All =
    [
        new("SP", [(1000, 19999)], 4198, 1849, new("sao paulo", -2355, -4663, "são paulo"), new("guarulhos", -2346, -4653), new("campinas", -2291, -4706), new("santo andre", -2366, -4653, "santo andré"),
            new("ribeirao preto", -2118, -4781, "ribeirão preto"), new("sorocaba", -2350, -4746), new("sao jose dos campos", -2318, -4589, "são josé dos campos"), new("santos", -2396, -4633), new("bauru", -2231, -4906)),
        new("RJ", [(20000, 28999)], 1292, 171, new("rio de janeiro", -2291, -4317), new("niteroi", -2288, -4310, "niterói"), new("nova iguacu", -2276, -4345, "nova iguaçu"), new("petropolis", -2251, -4318, "petrópolis"), new("campos dos goytacazes", -2175, -4132)),
        new("MG", [(30000, 39999)], 1170, 244, new("belo horizonte", -1992, -4394), new("contagem", -1993, -4405), new("uberlandia", -1892, -4828, "uberlândia"), new("juiz de fora", -2176, -4335), new("montes claros", -1673, -4386)),
        new("RS", [(90000, 99999)], 550, 129, new("porto alegre", -3003, -5123), new("caxias do sul", -2917, -5118), new("pelotas", -3177, -5234), new("santa maria", -2968, -5381)),
        new("PR", [(80000, 87999)], 507, 349, new("curitiba", -2543, -4927), new("londrina", -2331, -5116), new("maringa", -2342, -5194, "maringá"), new("cascavel", -2496, -5346)),
        new("SC", [(88000, 89999)], 366, 190, new("florianopolis", -2760, -4855, "florianópolis"), new("joinville", -2630, -4885), new("blumenau", -2692, -4907), new("chapeco", -2710, -5262, "chapecó")),
        new("BA", [(40000, 48999)], 340, 19, new("salvador", -1297, -3850), new("feira de santana", -1227, -3897), new("vitoria da conquista", -1486, -4084, "vitória da conquista"), new("ilheus", -1479, -3905, "ilhéus")),
        new("DF", [(70000, 72799)], 215, 30, new("brasilia", -1579, -4788, "brasília"), new("taguatinga", -1583, -4806)),
        new("ES", [(29000, 29999)], 204, 23, new("vitoria", -2032, -4034, "vitória"), new("vila velha", -2033, -4029), new("serra", -2013, -4031)),
        new("GO", [(72800, 72999), (73700, 76799)], 203, 40, new("goiania", -1669, -4925, "goiânia"), new("anapolis", -1633, -4895, "anápolis"), new("rio verde", -1780, -5092)),
        new("PE", [(50000, 56999)], 166, 9, new("recife", -805, -3492), new("olinda", -801, -3488), new("caruaru", -828, -3597), new("petrolina", -939, -4050)),
        new("CE", [(60000, 63999)], 134, 13, new("fortaleza", -373, -3852), new("juazeiro do norte", -721, -3932), new("sobral", -369, -4035)),
        new("PA", [(66000, 68899)], 98, 1, new("belem", -146, -4850, "belém"), new("ananindeua", -137, -4837), new("santarem", -244, -5471, "santarém"), new("maraba", -537, -4912, "marabá")),
        new("MT", [(78000, 78899)], 91, 4, new("cuiaba", -1560, -5610, "cuiabá"), new("rondonopolis", -1647, -5464, "rondonópolis"), new("sinop", -1186, -5551)),
        new("MA", [(65000, 65999)], 75, 1, new("sao luis", -253, -4430, "são luís"), new("imperatriz", -553, -4748)),
        new("MS", [(79000, 79999)], 72, 5, new("campo grande", -2044, -5465), new("dourados", -2222, -5481)),
        new("PB", [(58000, 58999)], 54, 6, new("joao pessoa", -712, -3487, "joão pessoa"), new("campina grande", -723, -3588)),
        new("PI", [(64000, 64999)], 50, 1, new("teresina", -509, -4280), new("parnaiba", -291, -4178, "parnaíba")),
        new("RN", [(59000, 59999)], 49, 5, new("natal", -579, -3521), new("mossoro", -519, -3734, "mossoró")),
        new("AL", [(57000, 57999)], 42, 1, new("maceio", -965, -3571, "maceió"), new("arapiraca", -975, -3666)),
        new("SE", [(49000, 49999)], 35, 2, new("aracaju", -1091, -3707), new("itabaiana", -1069, -3743)),
        new("TO", [(77000, 77999)], 28, 0, new("palmas", -1018, -4833), new("araguaina", -719, -4820, "araguaína")),
        new("RO", [(76800, 76999)], 25, 2, new("porto velho", -876, -6390), new("ji-parana", -1088, -6195, "ji-paraná")),
        new("AM", [(69000, 69299), (69400, 69899)], 15, 1, new("manaus", -310, -6002), new("parintins", -263, -5674)),
        new("AC", [(69900, 69999)], 8, 1, new("rio branco", -997, -6781), new("cruzeiro do sul", -763, -7267)),
        new("AP", [(68900, 68999)], 7, 0, new("macapa", 3, -5107, "macapá"), new("santana", -6, -5118)),
        new("RR", [(69300, 69399)], 5, 0, new("boa vista", 276, -6067), new("rorainopolis", 94, -6042, "rorainópolis")),
    ];

    /// <summary>How much slower than its distance says a route into the state is, per million orders that get into trouble.</summary>
    public int TroublePerMillion => Code switch
    {
        "RJ" or "BA" or "CE" => 60_000,
        "AL" or "MA" or "PI" or "SE" => 100_000,
        "SP" or "PR" or "MG" => 0,
        _ => 25_000,
    };

    public int ZipCodeCount => ZipCodes.Sum(range => range.Last - range.First + 1);

    /// <summary>The n-th postal code of the state.</summary>
    public int ZipCodeAt(int index)
    {
        foreach (var (first, last) in ZipCodes)
        {
            if (index <= last - first) return first + index;
            index -= last - first + 1;
        }
        throw new ArgumentOutOfRangeException(nameof(index));
    }
}
